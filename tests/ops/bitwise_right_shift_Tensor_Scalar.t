x: i64[2]
aten.bitwise_right_shift.Tensor_Scalar(x, 3) : i64[2]
---- mlx
right_shift(x, 3)
---- python
return x >> 3
