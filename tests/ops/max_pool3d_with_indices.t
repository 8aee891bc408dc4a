x: f32[2, 4, 4, 4, 4]
aten.max_pool3d_with_indices.default(x, [2, 2, 2]) : f32[2, 4, 2, 2, 2], i64[2, 4, 2, 2, 2]
