c: bool[2, 3]
aten.where.Scalar(c, 1, 0) : i64[2, 3]
---- mlx
a = where(c, 1, 0)
astype(a, dtype=i64)
---- python
return mx.where(c, 1, 0).astype(mx.int64)
