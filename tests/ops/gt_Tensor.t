x: f32[2, 3]
y: f32[3]
aten.gt.Tensor(x, y) : bool[2, 3]
---- mlx
greater(x, y)
---- python
return x > y
