x: f32[4, 3]
i: i64[2]
v: f32[]
aten.index_fill.int_Tensor(x, 1, i, v) : f32[4, 3]
