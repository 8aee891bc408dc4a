x: f32[2, 3, 4]
aten.reflection_pad1d.default(x, [1, 2]) : f32[2, 3, 7]
---- mlx
a = slice(x, axis=2, start=1, stop=2)
b = flip(a, axis=[2])
c = slice(x, axis=2, start=-3, stop=-1)
d = flip(c, axis=[2])
concatenate([b, x, d], axis=2)
---- python
x_2 = x[..., 1:2]
x_3 = mx.flip(x[..., -3:-1], axis=2)
concatenate = mx.concatenate([mx.flip(x_2, axis=2), x, x_3], axis=2)
return concatenate
