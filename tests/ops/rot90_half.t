x: f32[2, 3, 4]
aten.rot90.default(x, 2, [0, 1]) : f32[2, 3, 4]
---- mlx
a = flip(x, axis=[0])
flip(a, axis=[1])
---- python
return mx.flip(mx.flip(x, axis=0), axis=1)
