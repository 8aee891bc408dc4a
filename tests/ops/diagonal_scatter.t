x: f32[3, 4]
y: f32[3]
aten.diagonal_scatter.default(x, y) : f32[3, 4]
---- mlx
a = transpose(x, axes=[0, 1])
b = arange(stop=3, dtype=i32)
c = expand_dims(b, axis=1)
d = arange(stop=4, dtype=i32)
e = equal(c, d)
f = arange(stop=3, dtype=i32)
g = minimum(f, 2)
h = take(y, g, axis=0)
i = expand_dims(h, axis=1)
j = where(e, i, a)
transpose(j, axes=[0, 1])
---- python
arange = mx.arange(3)
y = mx.expand_dims(mx.take(y, mx.minimum(arange, 2), axis=0), axis=1)
where = mx.where(mx.expand_dims(mx.arange(3), axis=1) == mx.arange(4), y, x.transpose(0, 1))
return where.transpose(0, 1)
