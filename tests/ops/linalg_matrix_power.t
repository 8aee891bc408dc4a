x: f32[3, 3]
aten.linalg_matrix_power.default(x, 0) : f32[3, 3]
