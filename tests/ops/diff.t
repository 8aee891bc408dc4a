x: f32[2, 3, 4]
aten.diff.default(x) : f32[2, 3, 3]
---- mlx
a = slice(x, axis=2, start=1)
b = slice(x, axis=2, stop=-1)
subtract(a, b)
---- python
return x[..., 1:] - x[..., :-1]
