b: f32[4]
x: f32[2, 3]
y: f32[3, 4]
aten.addmm.default(b, x, y) : f32[2, 4]
---- mlx
a = matmul(x, y)
add(a, b)
---- python
return x @ y + b
