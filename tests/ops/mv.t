x: f32[2, 3]
y: f32[3]
aten.mv.default(x, y) : f32[2]
---- mlx
matmul(x, y)
---- python
return x @ y
