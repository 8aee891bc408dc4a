x: f32[3, 5]
i: i64[3, 2]
y: f32[3, 2]
aten.scatter_reduce.two(x, 1, i, y, "mean", include_self=False) : f32[3, 5]
