x: f32[2, 3]
y: f32[3]
aten.mul.Tensor(x, y) : f32[2, 3]
---- mlx
multiply(x, y)
---- python
return x * y
