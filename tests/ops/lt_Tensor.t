x: f32[2, 3]
y: f32[3]
aten.lt.Tensor(x, y) : bool[2, 3]
---- mlx
less(x, y)
---- python
return x < y
