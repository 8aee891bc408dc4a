x: f32[2, 3]
y: f32[3]
aten.eq.Tensor(x, y) : bool[2, 3]
---- mlx
equal(x, y)
---- python
return x == y
