x: f32[2, 3, 4]
aten.mean.dim(x, [1, 2], True) : f32[2, 1, 1]
---- mlx
mean(x, axis=[1, 2], keepdims=True)
---- python
return mx.mean(x, axis=(1, 2), keepdims=True)
