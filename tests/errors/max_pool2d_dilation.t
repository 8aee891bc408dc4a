x: f32[2, 4, 8, 8]
aten.max_pool2d.default(x, [3, 3], [2, 2], [0, 0], [2, 2]) : f32[2, 4, 2, 2]
---- error
node 0 'result': aten.max_pool2d.default: MLX has no dilated pooling
