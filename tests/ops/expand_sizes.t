symbol s0: 1..64
symbol s1: 1..64
x: f32[1, s1]
y: f32[s0, 4]
n = aten.sym_size.int(y, 0) : int(s0)
aten.expand.default(x, [n, -1]) : f32[s0, s1]
---- mlx
a = shape(y, axis=0)
b = shape(x, axis=1)
broadcast_to(x, shape=[a, b])
---- python
L = x.shape[1]
B = y.shape[0]
return mx.broadcast_to(x, shape=(B, L))
