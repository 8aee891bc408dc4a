x: f32[2, 3]
y: f32[3]
aten.add.Tensor(x, y, alpha=2) : f32[2, 3]
---- mlx
a = multiply(y, 2)
add(x, a)
---- python
return x + y * 2
