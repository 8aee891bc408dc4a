x: f32[3, 5]
i: i64[2, 2]
y: f32[2, 4]
aten.scatter.src(x, 1, i, y) : f32[3, 5]
