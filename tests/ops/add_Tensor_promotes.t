x: i64[2, 3]
y: f16[3]
aten.add.Tensor(x, y) : f16[2, 3]
---- mlx
a = astype(x, dtype=f16)
add(a, y)
---- python
return x.astype(mx.float16) + y
