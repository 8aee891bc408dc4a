x: f32[2, 3, 4]
aten.reflection_pad1d.default(x, [1, 2]) : f32[2, 3, 7]
---- mlx
a = slice(x, axis=2, start=1, stop=2)
b = arange(start=0, stop=-1, step=-1, dtype=i32)
c = take(a, b, axis=2)
d = slice(x, axis=2, start=-3, stop=-1)
e = arange(start=1, stop=-1, step=-1, dtype=i32)
f = take(d, e, axis=2)
concatenate([c, x, f], axis=2)
---- python
take = mx.take(x[..., 1:2], mx.arange(0, -1, -1), axis=2)
x_2 = mx.take(x[..., -3:-1], mx.arange(1, -1, -1), axis=2)
concatenate = mx.concatenate([take, x, x_2], axis=2)
return concatenate
