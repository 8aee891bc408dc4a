x: f32[2, 3, 4]
y: f32[2, 4, 5]
z: f32[3, 5]
aten.addbmm.default(z, x, y) : f32[3, 5]
---- mlx
a = matmul(x, y)
b = sum(a, axis=[0])
add(z, b)
---- python
return z + mx.sum(x @ y, axis=(0,))
