x: f32[2, 5]
v: f32[2, 3]
aten.searchsorted.Tensor(x, v, right=True) : i64[2, 3]
