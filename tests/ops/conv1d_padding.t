x: f32[2, 4, 9]
w: f32[6, 4, 3] = parameter "w"
aten.conv1d.padding(x, w, None, [1], "same") : f32[2, 6, 9]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = transpose(w, axes=[0, 2, 1])
c = conv1d(a, b, stride=[1], padding=[1], dilation=[1], groups=1)
transpose(c, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1)
weight = self.w.transpose(0, 2, 1)
return mx.conv1d(x, weight, 1, 1, 1, 1).transpose(0, 2, 1)
