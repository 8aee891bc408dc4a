symbol s0: 1..64
x: f32[s0, 12]
aten.unflatten.int(x, -1, [-1, 4]) : f32[s0, 3, 4]
---- mlx
a = shape(x, axis=0)
reshape(x, shape=[a, 3, 4])
---- python
return x.reshape(-1, 3, 4)
