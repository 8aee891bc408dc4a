x: f32[2, 3, 8]
w: f32[4, 3, 3] = parameter "w"
aten.convolution.default(x, w, None, [1], [1], [1], False, [0], 1) : f32[2, 4, 8]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = transpose(w, axes=[0, 2, 1])
c = conv1d(a, b, stride=[1], padding=[1], dilation=[1], groups=1)
transpose(c, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1)
weight = self.w.transpose(0, 2, 1)
return mx.conv1d(x, weight, 1, 1, 1, 1).transpose(0, 2, 1)
