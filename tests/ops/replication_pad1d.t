x: f32[2, 3, 4]
aten.replication_pad1d.default(x, [1, 2]) : f32[2, 3, 7]
---- mlx
a = slice(x, axis=2, stop=1)
b = broadcast_to(a, shape=[2, 3, 1])
c = slice(x, axis=2, start=-1)
d = broadcast_to(c, shape=[2, 3, 2])
concatenate([b, x, d], axis=2)
---- python
x_2 = mx.broadcast_to(x[..., :1], shape=(2, 3, 1))
x_3 = mx.broadcast_to(x[..., -1:], shape=(2, 3, 2))
concatenate = mx.concatenate([x_2, x, x_3], axis=2)
return concatenate
