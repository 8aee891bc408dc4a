x: i64[2]
y: i32[2]
aten.bitwise_or.Tensor(x, y) : i64[2]
---- mlx
a = astype(y, dtype=i64)
bitwise_or(x, a)
---- python
return x | y.astype(mx.int64)
