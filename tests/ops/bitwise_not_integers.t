x: i64[2]
aten.bitwise_not.default(x) : i64[2]
---- mlx
bitwise_invert(x)
---- python
return ~x
