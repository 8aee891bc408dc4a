x: i64[2, 3]
a, b = aten.median.dim(x, 1, True) : i64[2, 1], i64[2, 1]
return a, b
---- mlx
a = int_floordiv(a=2, b=2)
b = argsort(x, axis=1)
c = slice(b, axis=1, start=1, stop=2)
d = take_along_axis(x, c, axis=1)
e = astype(c, dtype=i64)
return d, e
---- python
indices = mx.argsort(x, axis=1)[:, 1:2]
return mx.take_along_axis(x, indices, axis=1), indices.astype(mx.int64)
