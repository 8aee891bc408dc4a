x: f32[2, 6]
aten.argsort.default(x) : i64[2, 6]
---- mlx
a = argsort(x, axis=1)
b = take_along_axis(x, a, axis=1)
astype(a, dtype=i64)
---- python
return mx.argsort(x, axis=1).astype(mx.int64)
