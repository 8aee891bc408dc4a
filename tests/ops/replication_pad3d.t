x: f32[1, 2, 3, 4, 5]
aten.replication_pad3d.default(x, [1, 0, 0, 2, 0, 0]) : f32[1, 2, 3, 6, 6]
---- mlx
a = slice(x, axis=4, stop=1)
b = broadcast_to(a, shape=[1, 2, 3, 4, 1])
c = concatenate([b, x], axis=4)
d = slice(c, axis=3, start=-1)
e = broadcast_to(d, shape=[1, 2, 3, 2, 6])
concatenate([c, e], axis=3)
---- python
x_2 = mx.broadcast_to(x[..., :1], shape=(1, 2, 3, 4, 1))
concatenate = mx.concatenate([x_2, x], axis=4)
concatenate_2 = mx.broadcast_to(concatenate[:, :, :, -1:], shape=(1, 2, 3, 2, 6))
return mx.concatenate([concatenate, concatenate_2], axis=3)
