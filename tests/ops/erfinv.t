x: f32[2, 3]
aten.erfinv.default(x) : f32[2, 3]
---- mlx
erfinv(x)
---- python
return mx.erfinv(x)
