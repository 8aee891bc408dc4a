x: f32[3]
y: f32[3]
aten.matmul.default(x, y) : f32[]
---- mlx
matmul(x, y)
---- python
return x @ y
