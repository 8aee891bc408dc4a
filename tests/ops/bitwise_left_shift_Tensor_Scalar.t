x: i64[2]
aten.bitwise_left_shift.Tensor_Scalar(x, 3) : i64[2]
---- mlx
left_shift(x, 3)
---- python
return x << 3
