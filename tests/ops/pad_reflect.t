x: f32[2, 4, 8, 8]
aten.pad.default(x, [1, 1, 2, 0], "reflect") : f32[2, 4, 10, 10]
---- mlx
a = slice(x, axis=3, start=1, stop=2)
b = flip(a, axis=[3])
c = slice(x, axis=3, start=-2, stop=-1)
d = flip(c, axis=[3])
e = concatenate([b, x, d], axis=3)
f = slice(e, axis=2, start=1, stop=3)
g = flip(f, axis=[2])
concatenate([g, e], axis=2)
---- python
x_2 = x[..., 1:2]
x_3 = mx.flip(x[..., -2:-1], axis=3)
concatenate = mx.concatenate([mx.flip(x_2, axis=3), x, x_3], axis=3)
concatenate_2 = concatenate[:, :, 1:3]
return mx.concatenate([mx.flip(concatenate_2, axis=2), concatenate], axis=2)
