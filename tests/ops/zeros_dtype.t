aten.zeros.default([2, 3], dtype=i64) : i64[2, 3]
---- mlx
full(shape=[2, 3], value=0, dtype=i64)
---- python
return mx.zeros((2, 3), dtype=mx.int64)
