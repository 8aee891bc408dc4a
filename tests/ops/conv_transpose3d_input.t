x: f32[2, 3, 4, 4, 4]
w: f32[3, 5, 2, 2, 2] = parameter "w"
b: f32[5] = parameter "b"
aten.conv_transpose3d.input(x, w, b, [2, 2, 2]) : f32[2, 5, 8, 8, 8]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
c = transpose(w, axes=[1, 2, 3, 4, 0])
d = conv_transpose3d(a, c, bias=b, stride=[2, 2, 2], padding=[0, 0, 0], dilation=[1, 1, 1], output_padding=[0, 0, 0], groups=1)
transpose(d, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1)
weight = self.w.transpose(1, 2, 3, 4, 0)
x = mx.conv_transpose3d(x, weight, (2, 2, 2), (0, 0, 0), (1, 1, 1), (0, 0, 0), 1) + self.b
return x.transpose(0, 4, 1, 2, 3)
