x: f32[2, 3, 4]
aten.rot90.default(x, 1, [1, 2]) : f32[2, 4, 3]
---- mlx
a = flip(x, axis=[2])
transpose(a, axes=[0, 2, 1])
---- python
return mx.flip(x, axis=2).transpose(0, 2, 1)
