symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1]
aten.constant_pad_nd.default(x, [0, 1]) : f32[s0, s1 + 1]
---- mlx
pad(x, widths=[[0, 0], [0, 1]], value=0)
---- python
return mx.pad(x, ((0, 0), (0, 1)), constant_values=0)
