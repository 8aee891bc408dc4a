x: i64[2, 3]
aten.fill.Scalar(x, 2.5) : i64[2, 3]
