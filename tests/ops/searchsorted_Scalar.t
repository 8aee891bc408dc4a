x: f32[5]
aten.searchsorted.Scalar(x, 2.5, out_int32=True) : i32[]
---- mlx
a = full(shape=[], value=2.5, dtype=f32)
b = searchsorted(x, a, side="left")
astype(b, dtype=i32)
---- python
return mx.searchsorted(x, mx.full((), 2.5, dtype=mx.float32), side="left").astype(mx.int32)
