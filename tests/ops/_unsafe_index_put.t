x: f32[4, 3]
i: i64[2]
y: f32[2, 3]
aten._unsafe_index_put.default(x, [i], y) : f32[4, 3]
