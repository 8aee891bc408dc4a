x: f32[2, 3]
aten.ceil.default(x) : f32[2, 3]
---- mlx
ceil(x)
---- python
return mx.ceil(x)
