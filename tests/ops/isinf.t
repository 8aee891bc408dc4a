x: f32[3, 5]
aten.isinf.default(x) : bool[3, 5]
---- mlx
isinf(x)
---- python
return mx.isinf(x)
