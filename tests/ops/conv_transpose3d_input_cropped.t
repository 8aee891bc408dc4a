x: f32[1, 1, 4, 5, 2]
weight: f32[1, 1, 4, 3, 1]
aten.conv_transpose3d.input(x, weight, None, [2, 2, 2], [1, 1, 1], [1, 1, 1]) : f32[1, 1, 9, 10, 2]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = transpose(weight, axes=[1, 2, 3, 4, 0])
c = conv_transpose3d(a, b, stride=[2, 2, 2], padding=[1, 1, 0], dilation=[1, 1, 1], output_padding=[1, 1, 1], groups=1)
d = slice(c, axis=3, start=1, stop=-1)
transpose(d, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1)
weight = weight.transpose(1, 2, 3, 4, 0)
x = mx.conv_transpose3d(x, weight, (2, 2, 2), (1, 1, 0), (1, 1, 1), (1, 1, 1), 1)
return x[:, :, :, 1:-1].transpose(0, 4, 1, 2, 3)
