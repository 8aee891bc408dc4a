i: i64[2, 3]
aten.gt.Scalar(i, 0) : bool[2, 3]
---- mlx
greater(i, 0)
---- python
return i > 0
