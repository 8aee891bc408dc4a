x: f32[2, 3]
a, b = aten.sort.default(x, 0, True) : f32[2, 3], i64[2, 3]
return a, b
---- mlx
a = flip(x, axis=[0])
b = argsort(a, axis=0)
c = flip(b, axis=[0])
d = astype(c, dtype=i32)
e = subtract(1, d)
f = take_along_axis(x, e, axis=0)
g = astype(e, dtype=i64)
return f, g
---- python
indices = 1 - mx.flip(mx.argsort(mx.flip(x, axis=0), axis=0), axis=0).astype(mx.int32)
return mx.take_along_axis(x, indices, axis=0), indices.astype(mx.int64)
