x: f32[2, 3, 8]
w: f32[3, 4, 2] = parameter "w"
aten.convolution.default(x, w, None, [2], [0], [1], True, [0], 1) : f32[2, 4, 16]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = transpose(w, axes=[1, 2, 0])
c = conv_transpose1d(a, b, stride=[2], padding=[0], dilation=[1], output_padding=[0], groups=1)
transpose(c, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1)
weight = self.w.transpose(1, 2, 0)
return mx.conv_transpose1d(x, weight, 2, 0, 1, 0, 1).transpose(0, 2, 1)
