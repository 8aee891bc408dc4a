aten.arange.start_step(9, 0, -2) : i64[5]
---- mlx
arange(start=9, stop=0, step=-2, dtype=i64)
---- python
return mx.arange(9, 0, -2, dtype=mx.int64)
