x: f32[2, 3]
aten.acos.default(x) : f32[2, 3]
---- mlx
arccos(x)
---- python
return mx.arccos(x)
