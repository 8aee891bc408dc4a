x: f32[4, 9, 8]
w: f32[6, 4, 3, 3] = parameter "w"
aten.conv2d.default(x, w) : f32[6, 7, 6]
---- mlx
a = expand_dims(x, axis=0)
b = transpose(a, axes=[0, 2, 3, 1])
c = transpose(w, axes=[0, 2, 3, 1])
d = conv2d(b, c, stride=[1, 1], padding=[0, 0], dilation=[1, 1], groups=1)
e = transpose(d, axes=[0, 3, 1, 2])
squeeze(e, axis=0)
---- python
x = mx.expand_dims(x, axis=0).transpose(0, 2, 3, 1)
weight = self.w.transpose(0, 2, 3, 1)
conv2d = mx.conv2d(x, weight, (1, 1), (0, 0), (1, 1), 1)
return conv2d.transpose(0, 3, 1, 2).squeeze(0)
