x: f32[2, 4, 5, 6]
w: f32[4, 3, 2, 2] = parameter "w"
aten.conv_transpose2d.input(x, w, None, [1, 1], [0, 0], [0, 0], 2) : f32[2, 6, 6, 7]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = int_floordiv(a=4, b=2)
c = reshape(w, shape=[2, 2, 3, 2, 2])
d = transpose(c, axes=[0, 2, 3, 4, 1])
e = reshape(d, shape=[6, 2, 2, 2])
f = conv_transpose2d(a, e, stride=[1, 1], padding=[0, 0], dilation=[1, 1], output_padding=[0, 0], groups=2)
transpose(f, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
weight = self.w.reshape(2, 2, 3, 2, 2).transpose(0, 2, 3, 4, 1).reshape(6, 2, 2, 2)
x = mx.conv_transpose2d(x, weight, (1, 1), (0, 0), (1, 1), (0, 0), 2)
return x.transpose(0, 3, 1, 2)
