x: f32[2, 3]
aten.linalg_vector_norm.default(x, inf, [1]) : f32[2]
---- mlx
a = abs(x)
max(a, axis=[1])
---- python
return mx.max(mx.abs(x), axis=(1,))
