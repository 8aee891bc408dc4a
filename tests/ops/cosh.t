x: f32[2, 3]
aten.cosh.default(x) : f32[2, 3]
---- mlx
cosh(x)
---- python
return mx.cosh(x)
