x: f32[3, 2, 4]
y: f32[2, 2]
aten.diagonal_scatter.default(x, y, -1, 0, 2) : f32[3, 2, 4]
---- mlx
a = transpose(x, axes=[1, 2, 0])
b = arange(stop=4, dtype=i32)
c = expand_dims(b, axis=1)
d = add(c, 1)
e = arange(stop=3, dtype=i32)
f = equal(d, e)
g = arange(stop=4, dtype=i32)
h = minimum(g, 1)
i = take(y, h, axis=1)
j = expand_dims(i, axis=2)
k = where(f, j, a)
transpose(k, axes=[2, 0, 1])
---- python
x = x.transpose(1, 2, 0)
arange = mx.arange(4)
y = mx.expand_dims(mx.take(y, mx.minimum(arange, 1), axis=1), axis=2)
where = mx.where(mx.expand_dims(mx.arange(4), axis=1) + 1 == mx.arange(3), y, x)
return where.transpose(2, 0, 1)
