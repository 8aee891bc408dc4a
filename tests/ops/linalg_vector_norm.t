x: f32[3, 4]
aten.linalg_vector_norm.default(x) : f32[]
---- mlx
a = square(x)
b = sum(a)
sqrt(b)
---- python
return mx.sqrt(mx.sum(mx.square(x)))
