x: f32[4, 3]
i: i64[2]
y: f32[2]
aten.put.default(x, i, y) : f32[4, 3]
---- mlx
a = reshape(y, shape=[-1])
b = reshape(i, shape=[-1])
c = reshape(x, shape=[-1])
d = put_along_axis(c, b, a, axis=0)
reshape(d, shape=[4, 3])
---- python
values = y.reshape(-1)
indices = i.reshape(-1)
x = x.reshape(-1)
return mx.put_along_axis(x, indices, values, axis=0).reshape(4, 3)
