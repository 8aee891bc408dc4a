x: f32[2, 3]
aten.abs.default(x) : f32[2, 3]
---- mlx
abs(x)
---- python
return mx.abs(x)
