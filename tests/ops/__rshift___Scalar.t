x: i64[2]
aten.__rshift__.Scalar(x, 3) : i64[2]
---- mlx
right_shift(x, 3)
---- python
return x >> 3
