x: f32[2, 6]
y0, y1 = aten.topk.default(x, 2) : f32[2, 2], i64[2, 2]
return y0, y1
---- mlx
a = argsort(x, axis=1)
b = flip(a, axis=[1])
c = slice(b, axis=1, stop=2)
d = take_along_axis(x, c, axis=1)
e = astype(c, dtype=i64)
return d, e
---- python
indices = mx.flip(mx.argsort(x, axis=1), axis=1)[:, :2]
return mx.take_along_axis(x, indices, axis=1), indices.astype(mx.int64)
