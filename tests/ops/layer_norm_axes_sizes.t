symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1, 3, 4]
aten.layer_norm.default(x, [3, 4]) : f32[s0, s1, 3, 4]
---- mlx
a = shape(x, axis=0)
b = shape(x, axis=1)
c = shape(x, axis=0)
d = shape(x, axis=1)
e = reshape(x, shape=[c, d, 12])
f = layer_norm(e, eps=1e-05)
reshape(f, shape=[a, b, 3, 4])
---- python
B, H = x.shape[:2]
return mx.fast.layer_norm(x.reshape(B, H, 12), None, None, 1e-05).reshape(B, H, 3, 4)
