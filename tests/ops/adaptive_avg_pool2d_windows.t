x: f32[2, 4, 8, 6]
aten.adaptive_avg_pool2d.default(x, [2, 3]) : f32[2, 4, 2, 3]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = avg_pool2d(a, kernel_size=[4, 2], stride=[4, 2], padding=[0, 0])
transpose(b, axes=[0, 3, 1, 2])
---- python
return nn.AvgPool2d((4, 2), (4, 2), (0, 0))(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
