x: f32[2, 3]
aten.linalg_vector_norm.default(x, 3) : f32[]
---- mlx
a = abs(x)
b = power(a, 3.0)
c = sum(b)
power(c, 0.3333333333333333)
---- python
return mx.sum(mx.abs(x) ** 3.0) ** 0.3333333333333333
