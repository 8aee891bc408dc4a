x: f32[2, 3, 4, 5]
aten.reflection_pad2d.default(x, [1, 2, 2, 1]) : f32[2, 3, 7, 8]
---- mlx
a = slice(x, axis=3, start=1, stop=2)
b = arange(start=0, stop=-1, step=-1, dtype=i32)
c = take(a, b, axis=3)
d = slice(x, axis=3, start=-3, stop=-1)
e = arange(start=1, stop=-1, step=-1, dtype=i32)
f = take(d, e, axis=3)
g = concatenate([c, x, f], axis=3)
h = slice(g, axis=2, start=1, stop=3)
i = arange(start=1, stop=-1, step=-1, dtype=i32)
j = take(h, i, axis=2)
k = slice(g, axis=2, start=-2, stop=-1)
l = arange(start=0, stop=-1, step=-1, dtype=i32)
m = take(k, l, axis=2)
concatenate([j, g, m], axis=2)
---- python
take = mx.take(x[..., 1:2], mx.arange(0, -1, -1), axis=3)
x_2 = mx.take(x[..., -3:-1], mx.arange(1, -1, -1), axis=3)
concatenate = mx.concatenate([take, x, x_2], axis=3)
take = mx.take(concatenate[:, :, 1:3], mx.arange(1, -1, -1), axis=2)
concatenate_2 = mx.take(concatenate[:, :, -2:-1], mx.arange(0, -1, -1), axis=2)
concatenate = mx.concatenate([take, concatenate, concatenate_2], axis=2)
return concatenate
