x: f32[1]
aten.triu_indices.default(2, 2, 1) : i64[2, 1]
