x: f32[2, 5]
v: f32[2, 3]
aten.searchsorted.Tensor(x, v, right=True) : i64[2, 3]
---- mlx
a = expand_dims(x, axis=1)
b = expand_dims(v, axis=2)
c = less_equal(a, b)
d = isnan(b)
e = isnan(a)
f = logical_not(e)
g = logical_or(c, d)
h = astype(g, dtype=i32)
i = sum(h, axis=[2])
astype(i, dtype=i64)
---- python
x = mx.expand_dims(x, axis=1)
v = mx.expand_dims(v, axis=2)
return mx.sum(((x <= v) | mx.isnan(v)).astype(mx.int32), axis=(2,)).astype(mx.int64)
