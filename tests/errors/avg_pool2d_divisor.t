x: f32[2, 4, 8, 8]
aten.avg_pool2d.default(x, [2, 2], [2, 2], [0, 0], False, True, 3) : f32[2, 4, 4, 4]
---- error
node 0 'result': aten.avg_pool2d.default: divisor_override has no MLX form
