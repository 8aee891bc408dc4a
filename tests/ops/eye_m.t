x: f32[1]
aten.eye.m(2, 3, dtype=i64) : i64[2, 3]
