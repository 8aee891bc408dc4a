x: f32[3, 3]
aten.matrix_power.default(x, 3) : f32[3, 3]
---- mlx
a = matmul(x, x)
matmul(x, a)
---- python
return x @ (x @ x)
