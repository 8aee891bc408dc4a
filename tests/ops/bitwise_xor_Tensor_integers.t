x: i64[2]
y: i64[2]
aten.bitwise_xor.Tensor(x, y) : i64[2]
---- mlx
bitwise_xor(x, y)
---- python
return x ^ y
