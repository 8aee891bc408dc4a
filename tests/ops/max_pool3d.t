x: f32[2, 4, 8, 8, 8]
aten.max_pool3d.default(x, [2, 2, 2], [2, 2, 2], [1, 1, 1]) : f32[2, 4, 5, 5, 5]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = max_pool3d(a, kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[1, 1, 1])
transpose(b, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1)
return nn.MaxPool3d((2, 2, 2), (2, 2, 2), (1, 1, 1))(x).transpose(0, 4, 1, 2, 3)
