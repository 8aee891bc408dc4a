x: i64[2]
aten.bitwise_xor.Scalar(x, 5) : i64[2]
---- mlx
bitwise_xor(x, 5)
---- python
return x ^ 5
