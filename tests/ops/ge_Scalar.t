i: i64[2, 3]
aten.ge.Scalar(i, 0) : bool[2, 3]
---- mlx
greater_equal(i, 0)
---- python
return i >= 0
