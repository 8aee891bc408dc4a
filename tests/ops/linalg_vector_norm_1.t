x: f32[2, 3]
aten.linalg_vector_norm.default(x, 1, [-1]) : f32[2]
---- mlx
a = abs(x)
sum(a, axis=[1])
---- python
return mx.sum(mx.abs(x), axis=(1,))
