x: f32[2, 3, 4]
v, i = aten.kthvalue.default(x, 2, 1) : f32[2, 4], i64[2, 4]
return v, i
---- mlx
a = argsort(x, axis=1)
b = slice(a, axis=1, start=1, stop=2)
c = take_along_axis(x, b, axis=1)
d = squeeze(c, axis=1)
e = squeeze(b, axis=1)
f = astype(e, dtype=i64)
return d, f
---- python
indices = mx.argsort(x, axis=1)[:, 1:2]
indices_2 = indices.squeeze(1)
return mx.take_along_axis(x, indices, axis=1).squeeze(1), indices_2.astype(mx.int64)
