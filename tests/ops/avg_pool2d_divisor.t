x: f32[2, 4, 8, 8]
aten.avg_pool2d.default(x, [2, 2], [2, 2], [0, 0], False, True, 3) : f32[2, 4, 4, 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = avg_pool2d(a, kernel_size=[2, 2], stride=[2, 2], padding=[0, 0])
c = multiply(b, 1.3333333333333333)
transpose(c, axes=[0, 3, 1, 2])
---- python
x = nn.AvgPool2d((2, 2), (2, 2), (0, 0))(x.transpose(0, 2, 3, 1))
return (x * 1.3333333333333333).transpose(0, 3, 1, 2)
