symbol s0: 1..64
symbol s1: 4..64
x: f32[s0, 4, s1, 8]
aten.max_pool2d.default(x, [2, 2], [2, 2]) : f32[s0, 4, floordiv(s1, 2), 4]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = max_pool2d(a, kernel_size=[2, 2], stride=[2, 2], padding=[0, 0])
transpose(b, axes=[0, 3, 1, 2])
---- python
return nn.MaxPool2d((2, 2), (2, 2), (0, 0))(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
