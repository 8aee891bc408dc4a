x: f32[3, 5]
i: i64[3, 2]
aten.scatter.value(x, 1, i, 2.5) : f32[3, 5]
