x: f32[2, 4, 8, 8]
aten.avg_pool2d.default(x, [3, 3], [2, 2], [1, 1], False, False) : f32[2, 4, 4, 4]
---- error
node 0 'result': aten.avg_pool2d.default: count_include_pad=False with padding has no MLX form yet
