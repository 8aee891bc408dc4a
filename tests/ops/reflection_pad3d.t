x: f32[1, 2, 3, 4, 5]
aten.reflection_pad3d.default(x, [1, 0, 0, 2, 0, 0]) : f32[1, 2, 3, 6, 6]
---- mlx
a = slice(x, axis=4, start=1, stop=2)
b = flip(a, axis=[4])
c = concatenate([b, x], axis=4)
d = slice(c, axis=3, start=-3, stop=-1)
e = flip(d, axis=[3])
concatenate([c, e], axis=3)
---- python
x_2 = x[..., 1:2]
concatenate = mx.concatenate([mx.flip(x_2, axis=4), x], axis=4)
concatenate_2 = concatenate[:, :, :, -3:-1]
return mx.concatenate([concatenate, mx.flip(concatenate_2, axis=3)], axis=3)
