x: i64[2]
aten.one_hot.default(x, 4) : i64[2, 4]
