x: f32[2, 3]
y: f32[3]
aten.ge.Tensor(x, y) : bool[2, 3]
---- mlx
greater_equal(x, y)
---- python
return x >= y
