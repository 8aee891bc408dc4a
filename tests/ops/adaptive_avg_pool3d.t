x: f32[2, 4, 4, 4, 4]
aten.adaptive_avg_pool3d.default(x, [1, 1, 1]) : f32[2, 4, 1, 1, 1]
---- mlx
mean(x, axis=[2, 3, 4], keepdims=True)
---- python
return mx.mean(x, axis=(2, 3, 4), keepdims=True)
