x: i64[2]
y: i32[2]
aten.bitwise_and.Tensor(x, y) : i64[2]
---- mlx
a = astype(y, dtype=i64)
bitwise_and(x, a)
---- python
return x & y.astype(mx.int64)
