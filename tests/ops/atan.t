x: f32[2, 3]
aten.atan.default(x) : f32[2, 3]
---- mlx
arctan(x)
---- python
return mx.arctan(x)
