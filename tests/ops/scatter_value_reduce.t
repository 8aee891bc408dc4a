x: f32[3, 5]
i: i64[2, 5]
aten.scatter.value_reduce(x, 0, i, 2, reduce="add") : f32[3, 5]
