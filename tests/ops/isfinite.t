x: f32[2, 3]
aten.isfinite.default(x) : bool[2, 3]
---- mlx
isfinite(x)
---- python
return mx.isfinite(x)
