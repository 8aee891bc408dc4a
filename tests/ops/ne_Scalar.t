i: i64[2, 3]
aten.ne.Scalar(i, 0) : bool[2, 3]
---- mlx
not_equal(i, 0)
---- python
return i != 0
