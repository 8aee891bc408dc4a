x: f32[2, 3, 4]
aten.constant_pad_nd.default(x, [1, 2, 0, 1], 0.5) : f32[2, 4, 7]
---- mlx
pad(x, widths=[[0, 0], [0, 1], [1, 2]], value=0.5)
---- python
return mx.pad(x, ((0, 0), (0, 1), (1, 2)), constant_values=0.5)
