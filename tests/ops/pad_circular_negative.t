x: f32[2, 3, 4]
aten.pad.default(x, [-1, 2], "circular") : f32[2, 3, 5]
---- mlx
a = slice(x, axis=2, start=1)
b = slice(a, axis=2, stop=2)
concatenate([a, b], axis=2)
---- python
x = x[..., 1:]
return mx.concatenate([x, x[..., :2]], axis=2)
