x: f32[2, 4, 8, 8]
aten.avg_pool2d.default(x, [3, 3], [2, 2], [1, 1], False, False) : f32[2, 4, 4, 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = avg_pool2d(a, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1])
c = full(shape=[1, 8, 8, 1], value=1, dtype=f32)
d = pad(c, widths=[[0, 0], [1, 1], [1, 1], [0, 0]], value=0.0)
e = avg_pool2d(d, kernel_size=[3, 3], stride=[2, 2], padding=[0, 0])
f = divide(b, e)
transpose(f, axes=[0, 3, 1, 2])
---- python
full = mx.ones((1, 8, 8, 1), dtype=mx.float32)
full = mx.pad(full, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=0.0)
full = nn.AvgPool2d((3, 3), (2, 2), (0, 0))(full)
x = nn.AvgPool2d((3, 3), (2, 2), (1, 1))(x.transpose(0, 2, 3, 1)) / full
return x.transpose(0, 3, 1, 2)
