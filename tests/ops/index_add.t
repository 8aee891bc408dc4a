x: f32[4, 3]
i: i64[2]
y: f32[2, 3]
aten.index_add.default(x, 0, i, y) : f32[4, 3]
