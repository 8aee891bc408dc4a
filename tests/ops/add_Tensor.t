x: f32[2, 3]
y: f32[3]
aten.add.Tensor(x, y) : f32[2, 3]
---- mlx
add(x, y)
---- python
return x + y
