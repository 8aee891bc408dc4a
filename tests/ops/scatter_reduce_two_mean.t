x: f32[3, 5]
i: i64[3, 2]
y: f32[3, 2]
aten.scatter_reduce.two(x, 1, i, y, "mean", include_self=False) : f32[3, 5]
---- mlx
a = full(shape=[], value=0, dtype=f32)
b = put_along_axis(x, i, a, axis=1)
c = full(shape=[3, 5], value=1, dtype=i32)
d = full(shape=[3, 2], value=1, dtype=i32)
e = full(shape=[], value=0, dtype=i32)
f = put_along_axis(c, i, e, axis=1)
g = arange(stop=3, dtype=i32)
h = expand_dims(g, axis=1)
j = scatter_add(f, d, [h, i], axes=[0, 1])
k = arange(stop=3, dtype=i32)
l = expand_dims(k, axis=1)
m = scatter_add(b, y, [l, i], axes=[0, 1])
n = maximum(j, 1)
o = astype(n, dtype=f32)
divide(m, o)
---- python
values = mx.zeros((), dtype=mx.float32)
x = mx.put_along_axis(x, i, values, axis=1)
full = mx.ones((3, 5), dtype=mx.int32)
values = mx.ones((3, 2), dtype=mx.int32)
values_2 = mx.zeros((), dtype=mx.int32)
x_2 = mx.put_along_axis(full, i, values_2, axis=1)
scatter_add = x_2.at[mx.expand_dims(mx.arange(3), axis=1), i].add(values)
astype = mx.maximum(scatter_add, 1).astype(mx.float32)
x = x.at[mx.expand_dims(mx.arange(3), axis=1), i].add(y) / astype
return x
