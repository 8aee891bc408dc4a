x: f32[2, 3]
m: bool[2, 1]
v: f32[]
aten.masked_fill.Tensor(x, m, v) : f32[2, 3]
---- mlx
where(m, v, x)
---- python
return mx.where(m, v, x)
