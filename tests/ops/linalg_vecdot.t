x: f32[2, 3]
y: f32[2, 3]
aten.linalg_vecdot.default(x, y) : f32[2]
---- mlx
a = multiply(x, y)
sum(a, axis=[1])
---- python
return mx.sum(x * y, axis=(1,))
