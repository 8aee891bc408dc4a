x: f32[3, 5]
i: i64[2, 5]
y: f32[2, 5]
aten.scatter_add.default(x, 0, i, y) : f32[3, 5]
