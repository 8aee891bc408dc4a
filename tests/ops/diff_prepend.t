x: f32[2, 3, 4]
y: f32[2, 1, 4]
aten.diff.default(x, 2, 1, y) : f32[2, 2, 4]
---- mlx
a = concatenate([y, x], axis=1)
b = slice(a, axis=1, start=1)
c = slice(a, axis=1, stop=-1)
d = subtract(b, c)
e = slice(d, axis=1, start=1)
f = slice(d, axis=1, stop=-1)
subtract(e, f)
---- python
concatenate = mx.concatenate([y, x], axis=1)
concatenate = concatenate[:, 1:] - concatenate[:, :-1]
return concatenate[:, 1:] - concatenate[:, :-1]
