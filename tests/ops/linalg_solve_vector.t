a: f32[3, 3]
b: f32[3]
aten.linalg_solve.default(a, b) : f32[3]
