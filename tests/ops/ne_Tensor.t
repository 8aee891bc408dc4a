x: f32[2, 3]
y: f32[3]
aten.ne.Tensor(x, y) : bool[2, 3]
---- mlx
not_equal(x, y)
---- python
return x != y
