a: f32[3, 3]
aten.cholesky.default(a) : f32[3, 3]
