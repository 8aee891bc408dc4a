x: f32[2, 3]
y: f32[3]
aten.sub.Tensor(x, y, alpha=2) : f32[2, 3]
---- mlx
a = multiply(y, 2)
subtract(x, a)
---- python
return x - y * 2
