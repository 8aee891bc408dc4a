x: f32[4, 3]
i: i64[2]
aten.take.default(x, i) : f32[2]
