x: f32[2, 3]
aten.linalg_vector_norm.default(x, inf, [1]) : f32[2]
