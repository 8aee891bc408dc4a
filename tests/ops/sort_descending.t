x: f32[2, 3]
a, b = aten.sort.default(x, 0, True) : f32[2, 3], i64[2, 3]
return a, b
---- mlx
a = negative(x)
b = argsort(a, axis=0)
c = take_along_axis(x, b, axis=0)
d = astype(b, dtype=i64)
return c, d
---- python
indices = mx.argsort(-x, axis=0)
return mx.take_along_axis(x, indices, axis=0), indices.astype(mx.int64)
