a: f32[3, 3]
aten.linalg_cholesky.default(a, upper=True) : f32[3, 3]
---- mlx
cholesky(a, upper=True)
---- python
return mx.linalg.cholesky(a, upper=True, stream=mx.cpu)
