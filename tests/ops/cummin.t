x: f32[2, 3]
a, b = aten.cummin.default(x, 1) : f32[2, 3], i64[2, 3]
return a, b
---- mlx
a = cummin(x, axis=1)
b = equal(x, a)
c = isnan(x)
d = logical_or(b, c)
e = arange(stop=3, dtype=i32)
f = reshape(e, shape=[1, 3])
g = where(d, f, 0)
h = cummax(g, axis=1)
i = astype(h, dtype=i64)
return a, i
---- python
x_2 = mx.cummin(x, axis=1)
where = mx.where((x == x_2) | mx.isnan(x), mx.arange(3).reshape(1, 3), 0)
return x_2, mx.cummax(where, axis=1).astype(mx.int64)
