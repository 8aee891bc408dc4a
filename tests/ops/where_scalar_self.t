c: bool[2, 1]
x: f32[2, 3]
aten.where.ScalarSelf(c, 1, x) : f32[2, 3]
---- mlx
where(c, 1, x)
---- python
return mx.where(c, 1, x)
