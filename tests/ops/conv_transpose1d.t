x: f32[2, 3, 5]
w: f32[3, 4, 3]
b: f32[4]
aten.conv_transpose1d.default(x, w, b, [2], [1], [1]) : f32[2, 4, 10]
---- mlx
a = transpose(x, axes=[0, 2, 1])
c = transpose(w, axes=[1, 2, 0])
d = conv_transpose1d(a, c, bias=b, stride=[2], padding=[1], dilation=[1], output_padding=[1], groups=1)
transpose(d, axes=[0, 2, 1])
---- python
x = mx.conv_transpose1d(x.transpose(0, 2, 1), w.transpose(1, 2, 0), 2, 1, 1, 1, 1) + b
return x.transpose(0, 2, 1)
