x: f32[2, 3, 4]
aten.linalg_matrix_norm.str_ord(x) : f32[2]
---- mlx
a = abs(x)
b = square(a)
c = sum(b, axis=[1, 2])
sqrt(c)
---- python
x = mx.abs(x)
return mx.sqrt(mx.sum(mx.square(x), axis=(1, 2)))
