x: f32[2, 3]
y: f32[3]
aten.le.Tensor(x, y) : bool[2, 3]
---- mlx
less_equal(x, y)
---- python
return x <= y
