x: f32[2, 4, 6, 6, 6]
aten._upsample_nearest_exact3d.vec(x, None, [2.0, 2.0, 1.0]) : f32[2, 4, 12, 12, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = repeat(a, repeats=2, axis=1)
c = repeat(b, repeats=2, axis=2)
transpose(c, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1)
return mx.repeat(mx.repeat(x, 2, axis=1), 2, axis=2).transpose(0, 4, 1, 2, 3)
