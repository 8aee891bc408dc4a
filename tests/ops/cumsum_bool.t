x: bool[2, 3]
aten.cumsum.default(x, -1) : i64[2, 3]
---- mlx
a = astype(x, dtype=i64)
cumsum(a, axis=1)
---- python
return mx.cumsum(x.astype(mx.int64), axis=1)
