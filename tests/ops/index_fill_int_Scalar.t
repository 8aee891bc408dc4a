x: f32[4, 3]
i: i64[2]
aten.index_fill.int_Scalar(x, 1, i, 2.5) : f32[4, 3]
