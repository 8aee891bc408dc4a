x: f32[5]
aten.searchsorted.Scalar(x, 2.5, out_int32=True) : i32[]
