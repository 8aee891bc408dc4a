x: f32[2, 3, 4]
y: f32[2, 4, 5]
z: f32[2, 3, 5]
aten.baddbmm.default(z, x, y, beta=0.5, alpha=2) : f32[2, 3, 5]
---- mlx
a = matmul(x, y)
b = multiply(a, 2)
c = multiply(z, 0.5)
add(c, b)
---- python
return z * 0.5 + x @ y * 2
