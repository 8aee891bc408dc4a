symbol s0: 2..64
x: f32[s0, 4]
aten.slice.Tensor(x, 0, 0, 9223372036854775807, 2) : f32[floordiv(s0 + 1, 2), 4]
---- mlx
slice(x, axis=0, step=2) : f32[floordiv(s0 + 1, 2), 4]
---- python
return x[::2]
