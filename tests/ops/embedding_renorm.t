w: f32[10, 4]
i: i64[2, 3]
aten.embedding_renorm.default(w, i, 1.0, 2.0) : f32[10, 4]
