x: f32[2, 3, 4, 5]
aten.replication_pad2d.default(x, [1, 2, 2, 1]) : f32[2, 3, 7, 8]
---- mlx
a = slice(x, axis=3, stop=1)
b = broadcast_to(a, shape=[2, 3, 4, 1])
c = slice(x, axis=3, start=-1)
d = broadcast_to(c, shape=[2, 3, 4, 2])
e = concatenate([b, x, d], axis=3)
f = slice(e, axis=2, stop=1)
g = broadcast_to(f, shape=[2, 3, 2, 8])
h = slice(e, axis=2, start=-1)
i = broadcast_to(h, shape=[2, 3, 1, 8])
concatenate([g, e, i], axis=2)
---- python
x_2 = mx.broadcast_to(x[..., :1], shape=(2, 3, 4, 1))
x_3 = mx.broadcast_to(x[..., -1:], shape=(2, 3, 4, 2))
concatenate = mx.concatenate([x_2, x, x_3], axis=3)
concatenate_2 = mx.broadcast_to(concatenate[:, :, :1], shape=(2, 3, 2, 8))
concatenate_3 = mx.broadcast_to(concatenate[:, :, -1:], shape=(2, 3, 1, 8))
concatenate = mx.concatenate([concatenate_2, concatenate, concatenate_3], axis=2)
return concatenate
