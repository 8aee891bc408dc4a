x: f32[5, 2, 3]
y: f32[5, 3, 4]
aten.bmm.default(x, y) : f32[5, 2, 4]
---- mlx
matmul(x, y)
---- python
return x @ y
