x: f32[2, 4, 8]
aten.max_pool1d.default(x, [2]) : f32[2, 4, 4]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = max_pool1d(a, kernel_size=[2], stride=[2], padding=[0])
transpose(b, axes=[0, 2, 1])
---- python
return nn.MaxPool1d(2, 2, 0)(x.transpose(0, 2, 1)).transpose(0, 2, 1)
