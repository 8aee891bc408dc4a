x: i64[2, 3]
aten.fill.Scalar(x, 2.5) : i64[2, 3]
---- mlx
full(shape=[2, 3], value=2, dtype=i64)
---- python
return mx.full((2, 3), 2, dtype=mx.int64)
