x: f32[2, 4, 2, 3, 3]
i: i64[2, 4, 2, 3, 3]
aten.max_unpool3d.default(x, i, [4, 6, 6], [2, 2, 2], [0, 0, 0]) : f32[2, 4, 4, 6, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = transpose(i, axes=[0, 2, 3, 4, 1])
c = full(shape=[2, 144, 4], value=0, dtype=f32)
d = reshape(a, shape=[2, -1, 4])
e = reshape(b, shape=[2, -1, 4])
f = put_along_axis(c, e, d, axis=1)
g = reshape(f, shape=[2, 4, 6, 6, 4])
transpose(g, axes=[0, 4, 1, 2, 3])
---- python
full = mx.zeros((2, 144, 4), dtype=mx.float32)
values = x.transpose(0, 2, 3, 4, 1).reshape(2, -1, 4)
indices = i.transpose(0, 2, 3, 4, 1).reshape(2, -1, 4)
x = mx.put_along_axis(full, indices, values, axis=1)
return x.reshape(2, 4, 6, 6, 4).transpose(0, 4, 1, 2, 3)
