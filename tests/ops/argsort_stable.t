x: f32[2, 3, 4]
aten.argsort.stable(x, stable=True, dim=1, descending=True) : i64[2, 3, 4]
