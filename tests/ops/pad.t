x: f32[2, 3, 4]
aten.pad.default(x, [1, 2]) : f32[2, 3, 7]
---- mlx
pad(x, widths=[[0, 0], [0, 0], [1, 2]], value=0.0)
---- python
return mx.pad(x, ((0, 0), (0, 0), (1, 2)), constant_values=0.0)
