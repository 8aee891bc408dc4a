aten.full.default([2, 3], 7) : i64[2, 3]
---- mlx
full(shape=[2, 3], value=7, dtype=i64)
---- python
return mx.full((2, 3), 7, dtype=mx.int64)
