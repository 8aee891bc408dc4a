x: f32[4, 3, 5]
i: i64[2]
y: f32[2, 3]
aten.index_put.default(x, [i, None, i], y) : f32[4, 3, 5]
