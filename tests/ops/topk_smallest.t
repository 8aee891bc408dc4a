x: f32[2, 6]
a, b = aten.topk.default(x, 2, 1, False) : f32[2, 2], i64[2, 2]
return a, b
---- mlx
a = argsort(x, axis=1)
b = slice(a, axis=1, stop=2)
c = take_along_axis(x, b, axis=1)
d = astype(b, dtype=i64)
return c, d
---- python
indices = mx.argsort(x, axis=1)[:, :2]
return mx.take_along_axis(x, indices, axis=1), indices.astype(mx.int64)
