x: f32[3, 5]
i: i64[3, 2]
aten.scatter.value(x, 1, i, 2.5) : f32[3, 5]
---- mlx
a = full(shape=[], value=2.5, dtype=f32)
b = expand_dims(a, axis=0)
put_along_axis(x, i, a, axis=1)
---- python
values = mx.full((), 2.5, dtype=mx.float32)
return mx.put_along_axis(x, i, values, axis=1)
