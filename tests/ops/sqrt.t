x: f32[2, 3]
aten.sqrt.default(x) : f32[2, 3]
---- mlx
sqrt(x)
---- python
return mx.sqrt(x)
