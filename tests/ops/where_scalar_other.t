c: bool[2, 1]
x: f32[2, 3]
aten.where.ScalarOther(c, x, 0.5) : f32[2, 3]
---- mlx
where(c, x, 0.5)
---- python
return mx.where(c, x, 0.5)
