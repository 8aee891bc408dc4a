i: i64[2, 3]
aten.le.Scalar(i, 0) : bool[2, 3]
---- mlx
less_equal(i, 0)
---- python
return i <= 0
