x: f32[2, 3, 4]
aten.roll.default(x, [1], [0]) : f32[2, 3, 4]
---- mlx
roll(x, shift=1, axis=0)
---- python
return mx.roll(x, shift=1, axis=0)
