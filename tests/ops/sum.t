x: f32[2, 3]
aten.sum.default(x) : f32[]
---- mlx
sum(x)
---- python
return mx.sum(x)
