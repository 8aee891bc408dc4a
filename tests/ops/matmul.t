x: f32[5, 2, 3]
y: f32[3, 4]
aten.matmul.default(x, y) : f32[5, 2, 4]
---- mlx
matmul(x, y)
---- python
return x @ y
