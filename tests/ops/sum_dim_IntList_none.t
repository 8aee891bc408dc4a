x: f32[2, 3]
aten.sum.dim_IntList(x, None) : f32[]
---- mlx
sum(x)
---- python
return mx.sum(x)
