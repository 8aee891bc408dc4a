x: f32[4, 3]
i: i64[2]
aten.index_fill.int_Scalar(x, 1, i, 2.5) : f32[4, 3]
---- mlx
a = full(shape=[], value=2.5, dtype=f32)
b = expand_dims(a, axis=0)
c = expand_dims(i, axis=0)
put_along_axis(x, c, a, axis=1)
---- python
values = mx.full((), 2.5, dtype=mx.float32)
indices = mx.expand_dims(i, axis=0)
return mx.put_along_axis(x, indices, values, axis=1)
