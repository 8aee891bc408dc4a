x: f32[2, 3]
y: f32[3]
aten.div.Tensor(x, y) : f32[2, 3]
---- mlx
divide(x, y)
---- python
return x / y
