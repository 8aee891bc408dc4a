x: f32[3, 5]
aten.isnan.default(x) : bool[3, 5]
---- mlx
isnan(x)
---- python
return mx.isnan(x)
