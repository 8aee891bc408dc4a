a: f32[3, 3]
aten.cholesky_inverse.default(a) : f32[3, 3]
