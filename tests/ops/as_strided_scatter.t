x: f32[3, 3]
src: f32[2, 2]
aten.as_strided_scatter.default(x, src, [2, 2], [1, 2], 1) : f32[3, 3]
---- mlx
a = arange(stop=9, dtype=i32)
b = as_strided(a, shape=[2, 2], strides=[1, 2], offset=1)
c = reshape(b, shape=[-1])
d = reshape(src, shape=[-1])
e = reshape(x, shape=[-1])
f = put_along_axis(e, c, d, axis=0)
reshape(f, shape=[3, 3])
---- python
indices = mx.as_strided(mx.arange(9), (2, 2), (1, 2), 1).reshape(-1)
values = src.reshape(-1)
x = x.reshape(-1)
return mx.put_along_axis(x, indices, values, axis=0).reshape(3, 3)
