x: f32[2, 3]
aten.atanh.default(x) : f32[2, 3]
---- mlx
arctanh(x)
---- python
return mx.arctanh(x)
