x: f32[2, 3]
aten.acosh.default(x) : f32[2, 3]
---- mlx
arccosh(x)
---- python
return mx.arccosh(x)
