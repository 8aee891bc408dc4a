x: f32[3, 5]
aten.expm1.default(x) : f32[3, 5]
---- mlx
expm1(x)
---- python
return mx.expm1(x)
