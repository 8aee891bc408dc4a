x: f32[4, 3]
i: i64[2]
v: f32[]
aten.index_fill.int_Tensor(x, 1, i, v) : f32[4, 3]
---- mlx
a = expand_dims(v, axis=0)
b = expand_dims(i, axis=0)
put_along_axis(x, b, v, axis=1)
---- python
indices = mx.expand_dims(i, axis=0)
return mx.put_along_axis(x, indices, v, axis=1)
