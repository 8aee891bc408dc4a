x: i64[2]
aten.__lshift__.Scalar(x, 3) : i64[2]
---- mlx
left_shift(x, 3)
---- python
return x << 3
