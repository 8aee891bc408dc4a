x: f32[2, 4, 8, 8]
aten.max_pool2d_with_indices.default(x, [2, 2]) : f32[2, 4, 4, 4], i64[2, 4, 4, 4]
