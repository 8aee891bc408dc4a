x: f32[2, 3, 4, 5]
aten.reflection_pad2d.default(x, [1, 2, 2, 1]) : f32[2, 3, 7, 8]
---- mlx
a = slice(x, axis=3, start=1, stop=2)
b = flip(a, axis=[3])
c = slice(x, axis=3, start=-3, stop=-1)
d = flip(c, axis=[3])
e = concatenate([b, x, d], axis=3)
f = slice(e, axis=2, start=1, stop=3)
g = flip(f, axis=[2])
h = slice(e, axis=2, start=-2, stop=-1)
i = flip(h, axis=[2])
concatenate([g, e, i], axis=2)
---- python
x_2 = x[..., 1:2]
x_3 = mx.flip(x[..., -3:-1], axis=3)
concatenate = mx.concatenate([mx.flip(x_2, axis=3), x, x_3], axis=3)
concatenate_2 = mx.flip(concatenate[:, :, 1:3], axis=2)
concatenate_3 = mx.flip(concatenate[:, :, -2:-1], axis=2)
concatenate = mx.concatenate([concatenate_2, concatenate, concatenate_3], axis=2)
return concatenate
