x: f32[4, 3]
i: i64[1, 2]
aten.take_along_dim.default(x, i, 1) : f32[4, 2]
---- mlx
a = broadcast_to(i, shape=[4, 2])
take_along_axis(x, a, axis=1)
---- python
return mx.take_along_axis(x, mx.broadcast_to(i, shape=(4, 2)), axis=1)
