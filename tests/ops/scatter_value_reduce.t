x: f32[3, 5]
i: i64[2, 5]
aten.scatter.value_reduce(x, 0, i, 2, reduce="add") : f32[3, 5]
---- mlx
a = full(shape=[], value=2, dtype=f32)
b = broadcast_to(a, shape=[2, 5])
c = arange(stop=5, dtype=i32)
d = expand_dims(c, axis=0)
scatter_add(x, b, [i, d], axes=[0, 1])
---- python
values = mx.broadcast_to(mx.full((), 2, dtype=mx.float32), shape=(2, 5))
return x.at[i, mx.expand_dims(mx.arange(5), axis=0)].add(values)
