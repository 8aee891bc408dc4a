x: f32[2, 4, 8, 8]
aten.pad.default(x, [1, 1, 2, 0], "reflect") : f32[2, 4, 10, 10]
---- mlx
a = slice(x, axis=3, start=1, stop=2)
b = arange(start=0, stop=-1, step=-1, dtype=i32)
c = take(a, b, axis=3)
d = slice(x, axis=3, start=-2, stop=-1)
e = arange(start=0, stop=-1, step=-1, dtype=i32)
f = take(d, e, axis=3)
g = concatenate([c, x, f], axis=3)
h = slice(g, axis=2, start=1, stop=3)
i = arange(start=1, stop=-1, step=-1, dtype=i32)
j = take(h, i, axis=2)
concatenate([j, g], axis=2)
---- python
take = mx.take(x[..., 1:2], mx.arange(0, -1, -1), axis=3)
x_2 = mx.take(x[..., -2:-1], mx.arange(0, -1, -1), axis=3)
concatenate = mx.concatenate([take, x, x_2], axis=3)
take = mx.take(concatenate[:, :, 1:3], mx.arange(1, -1, -1), axis=2)
return mx.concatenate([take, concatenate], axis=2)
