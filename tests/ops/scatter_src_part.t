x: f32[3, 5]
i: i64[2, 2]
y: f32[2, 4]
aten.scatter.src(x, 1, i, y) : f32[3, 5]
---- mlx
a = slice(y, axis=1, stop=2)
b = slice(x, axis=0, stop=2)
c = put_along_axis(b, i, a, axis=1)
d = slice(x, axis=0, start=2)
concatenate([c, d], axis=0)
---- python
values = y[:, :2]
x_2 = x[:2]
x_2 = mx.put_along_axis(x_2, i, values, axis=1)
return mx.concatenate([x_2, x[2:]], axis=0)
