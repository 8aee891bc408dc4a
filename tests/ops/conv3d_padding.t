x: f32[2, 3, 4, 5, 4]
w: f32[4, 3, 2, 3, 1] = parameter "w"
aten.conv3d.padding(x, w, None, [1, 1, 1], "same") : f32[2, 4, 4, 5, 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = pad(a, widths=[[0, 0], [0, 1], [0, 0], [0, 0], [0, 0]], value=0)
c = transpose(w, axes=[0, 2, 3, 4, 1])
d = conv3d(b, c, stride=[1, 1, 1], padding=[0, 1, 0], dilation=[1, 1, 1], groups=1)
transpose(d, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1)
x = mx.pad(x, ((0, 0), (0, 1), (0, 0), (0, 0), (0, 0)), constant_values=0)
weight = self.w.transpose(0, 2, 3, 4, 1)
conv3d = mx.conv3d(x, weight, (1, 1, 1), (0, 1, 0), (1, 1, 1), 1)
return conv3d.transpose(0, 4, 1, 2, 3)
