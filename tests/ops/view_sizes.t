symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1, 8]
n = aten.sym_size.int(x, 0) : int(s0)
aten.view.default(x, [n, -1, 2, 4]) : f32[s0, s1, 2, 4]
---- mlx
a = shape(x, axis=0)
reshape(x, shape=[a, -1, 2, 4])
---- python
B = x.shape[0]
return x.reshape(B, -1, 2, 4)
