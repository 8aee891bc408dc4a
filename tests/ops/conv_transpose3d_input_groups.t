x: f32[2, 4, 3, 3, 3]
w: f32[4, 3, 2, 2, 2] = parameter "w"
aten.conv_transpose3d.input(x, w, None, [1, 1, 1], [0, 0, 0], [0, 0, 0], 2) : f32[2, 6, 4, 4, 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = int_floordiv(a=4, b=2)
c = reshape(w, shape=[2, 2, 3, 2, 2, 2])
d = transpose(c, axes=[0, 2, 3, 4, 5, 1])
e = reshape(d, shape=[6, 2, 2, 2, 2])
f, g = split(a, indices=[2], axis=4)
h, i = split(e, indices=[3], axis=0)
j = conv_transpose3d(f, h, stride=[1, 1, 1], padding=[0, 0, 0], dilation=[1, 1, 1], output_padding=[0, 0, 0], groups=1)
k = conv_transpose3d(g, i, stride=[1, 1, 1], padding=[0, 0, 0], dilation=[1, 1, 1], output_padding=[0, 0, 0], groups=1)
l = concatenate([j, k], axis=4)
transpose(l, axes=[0, 4, 1, 2, 3])
---- python
x_2 = self.w.reshape(2, 2, 3, 2, 2, 2).transpose(0, 2, 3, 4, 5, 1)
x, split = mx.split(x.transpose(0, 2, 3, 4, 1), (2,), axis=4)
weight, weight_2 = mx.split(x_2.reshape(6, 2, 2, 2, 2), (3,), axis=0)
x = mx.conv_transpose3d(x, weight, (1, 1, 1), (0, 0, 0), (1, 1, 1), (0, 0, 0), 1)
x_2 = mx.conv_transpose3d(split, weight_2, (1, 1, 1), (0, 0, 0), (1, 1, 1), (0, 0, 0), 1)
concatenate = mx.concatenate([x, x_2], axis=4)
return concatenate.transpose(0, 4, 1, 2, 3)
