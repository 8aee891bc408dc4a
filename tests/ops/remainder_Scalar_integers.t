x: i64[2]
aten.remainder.Scalar(x, 2) : i64[2]
---- mlx
remainder(x, 2)
---- python
return x % 2
