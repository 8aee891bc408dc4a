x: f32[2, 3, 4]
aten.flip.default(x, [0]) : f32[2, 3, 4]
---- mlx
flip(x, axis=[0])
---- python
return mx.flip(x, axis=0)
