x: f32[2, 3]
aten.cos.default(x) : f32[2, 3]
---- mlx
cos(x)
---- python
return mx.cos(x)
