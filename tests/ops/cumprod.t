x: f32[2, 3]
aten.cumprod.default(x, 1) : f32[2, 3]
---- mlx
cumprod(x, axis=1)
---- python
return mx.cumprod(x, axis=1)
