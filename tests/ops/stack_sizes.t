symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1]
aten.stack.default([x, x], 1) : f32[s0, 2, s1]
---- mlx
stack([x, x], axis=1)
---- python
return mx.stack([x, x], axis=1)
