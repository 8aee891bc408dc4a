# An axis that may be longer than 1 stays.
symbol s0: 2..64
x: f32[s0, 1, 3]
aten.squeeze.default(x) : f32[s0, 3]
---- mlx
squeeze(x, axis=1)
---- python
return x.squeeze(1)
