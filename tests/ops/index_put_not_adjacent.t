x: f32[4, 3, 5]
i: i64[2]
y: f32[2, 3]
aten.index_put.default(x, [i, None, i], y) : f32[4, 3, 5]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = remainder(i, 5)
c = multiply(i, 5)
d = add(c, b)
e = reshape(a, shape=[20, 3])
f = expand_dims(d, axis=1)
g = put_along_axis(e, f, y, axis=0)
h = reshape(g, shape=[4, 5, 3])
transpose(h, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1).reshape(20, 3)
indices = mx.expand_dims(i * 5 + i % 5, axis=1)
x = mx.put_along_axis(x, indices, y, axis=0)
return x.reshape(4, 5, 3).transpose(0, 2, 1)
