a: f32[3, 3]
aten.linalg_cholesky.default(a, upper=True) : f32[3, 3]
