x: f32[2, 4, 8, 8]
aten.max_pool2d.default(x, [3, 3], [2, 2], [0, 0], [1, 1], True) : f32[2, 4, 4, 4]
---- error
node 0 'result': aten.max_pool2d.default: ceil_mode=True has no MLX form yet
