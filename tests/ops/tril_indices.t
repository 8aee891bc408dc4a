x: f32[1]
aten.tril_indices.default(2, 2) : i64[2, 3]
