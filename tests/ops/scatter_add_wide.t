x: i64[3, 5]
i: i64[2, 5]
y: i64[2, 5]
aten.scatter_add.default(x, 0, i, y) : i64[3, 5]
