x: f32[2, 3]
aten.sinh.default(x) : f32[2, 3]
---- mlx
sinh(x)
---- python
return mx.sinh(x)
