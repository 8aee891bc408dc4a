x: f32[2, 3]
aten.min.default(x) : f32[]
---- mlx
min(x)
---- python
return mx.min(x)
