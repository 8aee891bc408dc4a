x: i64[3, 5]
i: i64[2, 5]
y: i64[2, 5]
aten.scatter_add.default(x, 0, i, y) : i64[3, 5]
---- mlx
a = arange(stop=3, dtype=i32)
b = expand_dims(a, axis=1)
c = expand_dims(b, axis=2)
d = expand_dims(i, axis=0)
e = equal(d, c)
f = expand_dims(y, axis=0)
g = where(e, f, 0)
h = sum(g, axis=[1])
add(x, h)
---- python
i = mx.expand_dims(i, axis=0)
condition = i == mx.expand_dims(mx.expand_dims(mx.arange(3), axis=1), axis=2)
return x + mx.sum(mx.where(condition, mx.expand_dims(y, axis=0), 0), axis=(1,))
