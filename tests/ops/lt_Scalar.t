i: i64[2, 3]
aten.lt.Scalar(i, 0) : bool[2, 3]
---- mlx
less(i, 0)
---- python
return i < 0
