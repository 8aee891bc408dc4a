x: f32[2, 3]
aten.asin.default(x) : f32[2, 3]
---- mlx
arcsin(x)
---- python
return mx.arcsin(x)
