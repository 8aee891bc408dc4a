# The size that torch declares is found again.
symbol s0: 1..64
symbol s1: 8..64
x: f32[s0, 4, s1, 8]
w: f32[6, 4, 3, 3] = parameter "w"
aten.conv2d.default(x, w, None, [2, 2], [1, 1]) : f32[s0, 6, floordiv(s1 - 1, 2) + 1, 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = transpose(w, axes=[0, 2, 3, 1])
c = conv2d(a, b, stride=[2, 2], padding=[1, 1], dilation=[1, 1], groups=1) : f32[s0, floordiv(s1 - 1, 2) + 1, 4, 6]
transpose(c, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
weight = self.w.transpose(0, 2, 3, 1)
conv2d = mx.conv2d(x, weight, (2, 2), (1, 1), (1, 1), 1)
return conv2d.transpose(0, 3, 1, 2)
