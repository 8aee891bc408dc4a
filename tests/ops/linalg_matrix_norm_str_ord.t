x: f32[2, 3, 4]
aten.linalg_matrix_norm.str_ord(x) : f32[2]
