x: f32[2, 4, 5, 6, 7]
w: f32[6, 4, 3, 3, 3] = parameter "w"
aten.conv3d.default(x, w) : f32[2, 6, 3, 4, 5]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = transpose(w, axes=[0, 2, 3, 4, 1])
c = conv3d(a, b, stride=[1, 1, 1], padding=[0, 0, 0], dilation=[1, 1, 1], groups=1)
transpose(c, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1)
weight = self.w.transpose(0, 2, 3, 4, 1)
conv3d = mx.conv3d(x, weight, (1, 1, 1), (0, 0, 0), (1, 1, 1), 1)
return conv3d.transpose(0, 4, 1, 2, 3)
