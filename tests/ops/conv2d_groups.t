x: f32[2, 4, 9, 8]
w: f32[4, 1, 3, 3] = parameter "w"
aten.conv2d.default(x, w, None, [1, 1], [2, 2], [2, 2], 4) : f32[2, 4, 9, 8]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = transpose(w, axes=[0, 2, 3, 1])
c = conv2d(a, b, stride=[1, 1], padding=[2, 2], dilation=[2, 2], groups=4)
transpose(c, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
weight = self.w.transpose(0, 2, 3, 1)
x = mx.conv2d(x, weight, (1, 1), (2, 2), (2, 2), 4)
return x.transpose(0, 3, 1, 2)
