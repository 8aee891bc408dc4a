x: i64[2]
aten.bitwise_and.Scalar_Tensor(5, x) : i64[2]
---- mlx
bitwise_and(x, 5)
---- python
return x & 5
