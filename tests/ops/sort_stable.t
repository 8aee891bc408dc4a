x: f32[2, 6]
y0, y1 = aten.sort.stable(x, stable=True) : f32[2, 6], i64[2, 6]
return y0, y1
---- mlx
a = argsort(x, axis=1)
b = take_along_axis(x, a, axis=1)
c = astype(a, dtype=i64)
return b, c
---- python
indices = mx.argsort(x, axis=1)
return mx.take_along_axis(x, indices, axis=1), indices.astype(mx.int64)
