x: bool[2, 3]
aten.sum.default(x) : i64[]
---- mlx
a = astype(x, dtype=i64)
sum(a)
---- python
return mx.sum(x.astype(mx.int64))
