x: f32[2, 3, 4]
aten.argsort.stable(x, stable=True, dim=1, descending=True) : i64[2, 3, 4]
---- mlx
a = flip(x, axis=[1])
b = argsort(a, axis=1)
c = flip(b, axis=[1])
d = astype(c, dtype=i32)
e = subtract(2, d)
f = take_along_axis(x, e, axis=1)
astype(e, dtype=i64)
---- python
x = mx.flip(x, axis=1)
return (2 - mx.flip(mx.argsort(x, axis=1), axis=1).astype(mx.int32)).astype(mx.int64)
