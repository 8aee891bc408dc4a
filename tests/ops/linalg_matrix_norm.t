x: f32[2, 3, 4]
aten.linalg_matrix_norm.default(x, 1) : f32[2]
