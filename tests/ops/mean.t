x: f32[2, 3]
aten.mean.default(x) : f32[]
---- mlx
mean(x)
---- python
return mx.mean(x)
