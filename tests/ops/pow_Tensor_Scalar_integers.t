x: i64[2]
aten.pow.Tensor_Scalar(x, 2) : i64[2]
---- mlx
power(x, 2)
---- python
return x ** 2
