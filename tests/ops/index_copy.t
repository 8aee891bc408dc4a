x: f32[4, 3]
i: i64[2]
y: f32[4, 2]
aten.index_copy.default(x, 1, i, y) : f32[4, 3]
