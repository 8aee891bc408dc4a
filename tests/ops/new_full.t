x: i64[2, 3]
aten.new_full.default(x, [4], 2) : i64[4]
---- mlx
full(shape=[4], value=2, dtype=i64)
---- python
return mx.full((4,), 2, dtype=mx.int64)
