x: f32[2, 3]
y: f32[3, 4]
z: f32[4, 2]
aten.linalg_multi_dot.default([x, y, z]) : f32[2, 2]
---- mlx
a = matmul(x, y)
matmul(a, z)
---- python
return x @ y @ z
