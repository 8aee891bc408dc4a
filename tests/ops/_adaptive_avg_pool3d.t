x: f32[2, 4, 4, 4, 4]
aten._adaptive_avg_pool3d.default(x, [2, 2, 2]) : f32[2, 4, 2, 2, 2]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = avg_pool3d(a, kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[0, 0, 0])
transpose(b, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1)
return nn.AvgPool3d((2, 2, 2), (2, 2, 2), (0, 0, 0))(x).transpose(0, 4, 1, 2, 3)
