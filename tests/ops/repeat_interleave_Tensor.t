r: i64[2]
aten.repeat_interleave.Tensor(r) : i64[5]
---- mlx
a = arange(stop=5, dtype=i32)
b = astype(a, dtype=i64)
c = cumsum(r, axis=0)
d = searchsorted(c, b, side="right")
astype(d, dtype=i64)
---- python
values = mx.arange(5).astype(mx.int64)
return mx.searchsorted(mx.cumsum(r, axis=0), values, side="right").astype(mx.int64)
