x: f32[2, 3, 4]
aten.fliplr.default(x) : f32[2, 3, 4]
---- mlx
flip(x, axis=[1])
---- python
return mx.flip(x, axis=1)
