x: f32[2, 3, 4]
aten.tile.default(x, [2, 1, 2]) : f32[4, 3, 8]
---- mlx
tile(x, reps=[2, 1, 2])
---- python
return mx.tile(x, (2, 1, 2))
