x: i64[3, 5]
i: i64[3, 2]
y: i64[3, 2]
aten.scatter.src(x, 1, i, y) : i64[3, 5]
