x: f32[2, 3, 4]
aten.to.dtype_layout(x, dtype=i64) : i64[2, 3, 4]
