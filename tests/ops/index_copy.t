x: f32[4, 3]
i: i64[2]
y: f32[4, 2]
aten.index_copy.default(x, 1, i, y) : f32[4, 3]
---- mlx
a = expand_dims(i, axis=0)
put_along_axis(x, a, y, axis=1)
---- python
indices = mx.expand_dims(i, axis=0)
return mx.put_along_axis(x, indices, y, axis=1)
