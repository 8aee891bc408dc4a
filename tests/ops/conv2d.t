x: f32[2, 4, 9, 8]
w: f32[6, 4, 3, 3] = parameter "w"
b: f32[6] = parameter "b"
aten.conv2d.default(x, w, b, [1, 1], [1, 1]) : f32[2, 6, 9, 8]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
c = transpose(w, axes=[0, 2, 3, 1])
d = conv2d(a, c, bias=b, stride=[1, 1], padding=[1, 1], dilation=[1, 1], groups=1)
transpose(d, axes=[0, 3, 1, 2])
---- python
weight = self.w.transpose(0, 2, 3, 1)
conv2d = mx.conv2d(x.transpose(0, 2, 3, 1), weight, (1, 1), (1, 1), (1, 1), 1) + self.b
return conv2d.transpose(0, 3, 1, 2)
