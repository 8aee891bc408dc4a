x: f32[2, 3]
aten.prod.default(x) : f32[]
---- mlx
prod(x)
---- python
return mx.prod(x)
