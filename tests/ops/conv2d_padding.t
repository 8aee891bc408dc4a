x: f32[2, 4, 9, 8]
w: f32[6, 4, 3, 5] = parameter "w"
aten.conv2d.padding(x, w, None, [1, 1], "same", [2, 1]) : f32[2, 6, 9, 8]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = transpose(w, axes=[0, 2, 3, 1])
c = conv2d(a, b, stride=[1, 1], padding=[2, 2], dilation=[2, 1], groups=1)
transpose(c, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
weight = self.w.transpose(0, 2, 3, 1)
conv2d = mx.conv2d(x, weight, (1, 1), (2, 2), (2, 1), 1)
return conv2d.transpose(0, 3, 1, 2)
