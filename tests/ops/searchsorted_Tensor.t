x: f32[5]
v: f32[2, 3]
aten.searchsorted.Tensor(x, v) : i64[2, 3]
---- mlx
a = searchsorted(x, v, side="left")
astype(a, dtype=i64)
---- python
return mx.searchsorted(x, v, side="left").astype(mx.int64)
