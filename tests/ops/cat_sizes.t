symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1]
y: f32[s0, 3]
aten.cat.default([x, y], 1) : f32[s0, s1 + 3]
---- mlx
concatenate([x, y], axis=1)
---- python
return mx.concatenate([x, y], axis=1)
