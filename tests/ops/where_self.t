c: bool[2, 1]
x: f32[2, 3]
y: f32[3]
aten.where.self(c, x, y) : f32[2, 3]
---- mlx
where(c, x, y)
---- python
return mx.where(c, x, y)
