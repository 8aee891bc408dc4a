x: i64[2]
aten.one_hot.default(x, 4) : i64[2, 4]
---- mlx
a = arange(stop=4, dtype=i32)
b = expand_dims(x, axis=1)
c = equal(b, a)
astype(c, dtype=i64)
---- python
return (mx.expand_dims(x, axis=1) == mx.arange(4)).astype(mx.int64)
