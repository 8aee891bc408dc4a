x: f32[4, 3]
i: i64[2]
y: f32[2, 3]
aten.index_put.default(x, [i], y) : f32[4, 3]
---- mlx
a = expand_dims(i, axis=1)
put_along_axis(x, a, y, axis=0)
---- python
indices = mx.expand_dims(i, axis=1)
return mx.put_along_axis(x, indices, y, axis=0)
