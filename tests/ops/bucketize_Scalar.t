x: f32[5]
aten.bucketize.Scalar(2, x, right=True) : i64[]
---- mlx
a = full(shape=[], value=2, dtype=f32)
b = searchsorted(x, a, side="right")
astype(b, dtype=i64)
---- python
return mx.searchsorted(x, mx.full((), 2, dtype=mx.float32), side="right").astype(mx.int64)
