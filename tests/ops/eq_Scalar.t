i: i64[2, 3]
aten.eq.Scalar(i, 0) : bool[2, 3]
---- mlx
equal(i, 0)
---- python
return i == 0
