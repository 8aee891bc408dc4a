a: f32[3, 3]
aten.cholesky.default(a) : f32[3, 3]
---- mlx
cholesky(a, upper=False)
---- python
return mx.linalg.cholesky(a, upper=False, stream=mx.cpu)
