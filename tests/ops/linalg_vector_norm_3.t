x: f32[2, 3]
aten.linalg_vector_norm.default(x, 3) : f32[]
