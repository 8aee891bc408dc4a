x: f32[2, 4, 9]
w: f32[6, 4, 3] = parameter "w"
b: f32[6] = parameter "b"
aten.conv1d.default(x, w, b, [2], [1]) : f32[2, 6, 5]
---- mlx
a = transpose(x, axes=[0, 2, 1])
c = transpose(w, axes=[0, 2, 1])
d = conv1d(a, c, bias=b, stride=[2], padding=[1], dilation=[1], groups=1)
transpose(d, axes=[0, 2, 1])
---- python
weight = self.w.transpose(0, 2, 1)
return (mx.conv1d(x.transpose(0, 2, 1), weight, 2, 1, 1, 1) + self.b).transpose(0, 2, 1)
