x: f32[2, 3, 4]
aten.repeat.default(x, [1, 2, 1]) : f32[2, 6, 4]
---- mlx
tile(x, reps=[1, 2, 1])
---- python
return mx.tile(x, (1, 2, 1))
