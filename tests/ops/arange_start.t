aten.arange.start(2, 6) : i64[4]
---- mlx
arange(start=2, stop=6, dtype=i64)
---- python
return mx.arange(2, 6, dtype=mx.int64)
