x: i64[2]
aten.bitwise_xor.Scalar_Tensor(5, x) : i64[2]
---- mlx
bitwise_xor(x, 5)
---- python
return x ^ 5
