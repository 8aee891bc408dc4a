a: f32[3, 3]
aten.linalg_svdvals.default(a) : f32[3]
