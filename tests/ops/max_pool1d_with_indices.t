x: f32[2, 4, 8]
aten.max_pool1d_with_indices.default(x, [2]) : f32[2, 4, 4], i64[2, 4, 4]
