x: f32[2, 4, 8, 8]
aten.max_pool2d.default(x, [3, 3], [2, 2], [0, 0], [1, 1], True) : f32[2, 4, 4, 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = int_floordiv(a=9, b=2)
c = int_floordiv(a=6, b=2)
d = int_floordiv(a=9, b=2)
e = int_floordiv(a=6, b=2)
f = pad(a, widths=[[0, 0], [0, 1], [0, 1], [0, 0]], value=-inf)
g = max_pool2d(f, kernel_size=[3, 3], stride=[2, 2], padding=[0, 0])
transpose(g, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
x = mx.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)), constant_values=-mx.inf)
return nn.MaxPool2d((3, 3), (2, 2), (0, 0))(x).transpose(0, 3, 1, 2)
