x: f32[3, 5]
i: i64[2, 5]
y: f32[2, 5]
aten.scatter.reduce(x, 0, i, y, reduce="multiply") : f32[3, 5]
