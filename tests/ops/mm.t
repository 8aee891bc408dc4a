x: f32[2, 3]
y: f32[3, 4]
aten.mm.default(x, y) : f32[2, 4]
---- mlx
matmul(x, y)
---- python
return x @ y
