a: f32[3, 3]
b: f32[3, 2]
aten.linalg_solve_triangular.default(a, b, upper=True) : f32[3, 2]
