# True division of integers.
x: i64[2]
y: i64[2]
aten.div.Tensor(x, y) : f32[2]
---- mlx
a = astype(x, dtype=f32)
b = astype(y, dtype=f32)
divide(a, b)
---- python
return x.astype(mx.float32) / y.astype(mx.float32)
