aten.arange.start_step(2, 9, 3) : i64[3]
---- mlx
arange(start=2, stop=9, step=3, dtype=i64)
---- python
return mx.arange(2, 9, 3, dtype=mx.int64)
