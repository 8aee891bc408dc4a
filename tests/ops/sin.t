x: f32[2, 3]
aten.sin.default(x) : f32[2, 3]
---- mlx
sin(x)
---- python
return mx.sin(x)
