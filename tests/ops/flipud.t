x: f32[2, 3, 4]
aten.flipud.default(x) : f32[2, 3, 4]
---- mlx
flip(x, axis=[0])
---- python
return mx.flip(x, axis=0)
