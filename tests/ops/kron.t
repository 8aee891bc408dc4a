x: f32[2, 2]
y: f32[2, 3]
aten.kron.default(x, y) : f32[4, 6]
---- mlx
kron(x, y)
---- python
return mx.kron(x, y)
