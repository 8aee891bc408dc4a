x: f32[2, 4, 8, 8]
aten._adaptive_avg_pool2d.default(x, [1, 1]) : f32[2, 4, 1, 1]
---- mlx
mean(x, axis=[2, 3], keepdims=True)
---- python
return mx.mean(x, axis=(2, 3), keepdims=True)
