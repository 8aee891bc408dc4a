x: f32[3, 4]
aten.linalg_matrix_norm.default(x, 2) : f32[]
