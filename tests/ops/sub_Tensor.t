x: f32[2, 3]
y: f32[3]
aten.sub.Tensor(x, y) : f32[2, 3]
---- mlx
subtract(x, y)
---- python
return x - y
