aten.arange.default(6) : i64[6]
---- mlx
arange(stop=6, dtype=i64)
---- python
return mx.arange(6, dtype=mx.int64)
