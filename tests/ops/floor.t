x: f32[2, 3]
aten.floor.default(x) : f32[2, 3]
---- mlx
floor(x)
---- python
return mx.floor(x)
