a: f32[3, 3]
x, info = aten.linalg_cholesky_ex.default(a) : f32[3, 3], i32[]
return x
---- mlx
cholesky(a, upper=False)
---- python
return mx.linalg.cholesky(a, upper=False, stream=mx.cpu)
