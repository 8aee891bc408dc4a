x: i64[2]
aten.bitwise_or.Scalar(x, 5) : i64[2]
---- mlx
bitwise_or(x, 5)
---- python
return x | 5
