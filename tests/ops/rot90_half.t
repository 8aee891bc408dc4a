x: f32[2, 3, 4]
aten.rot90.default(x, 2, [0, 1]) : f32[2, 3, 4]
---- mlx
flip(x, axis=[0, 1])
---- python
return mx.flip(x, axis=0, 1)
