x: f32[2, 4, 8, 8]
aten.avg_pool2d.default(x, [3, 3], [2, 2], [1, 1]) : f32[2, 4, 4, 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = avg_pool2d(a, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1])
transpose(b, axes=[0, 3, 1, 2])
---- python
return nn.AvgPool2d((3, 3), (2, 2), (1, 1))(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
