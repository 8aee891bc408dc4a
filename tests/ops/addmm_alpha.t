b: f32[4]
x: f32[2, 3]
y: f32[3, 4]
aten.addmm.default(b, x, y, alpha=2) : f32[2, 4]
---- mlx
a = matmul(x, y)
c = multiply(a, 2)
add(c, b)
---- python
return x @ y * 2 + b
