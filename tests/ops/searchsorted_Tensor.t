x: f32[5]
v: f32[2, 3]
aten.searchsorted.Tensor(x, v) : i64[2, 3]
