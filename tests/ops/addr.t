x: f32[3]
y: f32[3]
z: f32[3, 3]
aten.addr.default(z, x, y) : f32[3, 3]
---- mlx
a = outer(x, y)
add(z, a)
---- python
return z + mx.outer(x, y)
