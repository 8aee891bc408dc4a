x: f32[2, 3]
aten.cumsum.default(x, 1) : f32[2, 3]
---- mlx
cumsum(x, axis=1)
---- python
return mx.cumsum(x, axis=1)
