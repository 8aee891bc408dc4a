x: f32[2, 3]
y: f32[3]
z: f32[2]
aten.addmv.default(z, x, y) : f32[2]
---- mlx
a = matmul(x, y)
add(z, a)
---- python
return z + x @ y
