x: f32[2, 3, 8]
w: f32[4, 3, 2] = parameter "w"
aten.conv1d.padding(x, w, None, [1], "same") : f32[2, 4, 8]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = pad(a, widths=[[0, 0], [0, 1], [0, 0]], value=0)
c = transpose(w, axes=[0, 2, 1])
d = conv1d(b, c, stride=[1], padding=[0], dilation=[1], groups=1)
transpose(d, axes=[0, 2, 1])
---- python
x = mx.pad(x.transpose(0, 2, 1), ((0, 0), (0, 1), (0, 0)), constant_values=0)
weight = self.w.transpose(0, 2, 1)
return mx.conv1d(x, weight, 1, 0, 1, 1).transpose(0, 2, 1)
