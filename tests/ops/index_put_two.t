x: f32[4, 3]
i: i64[2]
j: i64[2]
y: f32[2]
aten.index_put.default(x, [i, j], y) : f32[4, 3]
---- mlx
a = remainder(j, 3)
b = multiply(i, 3)
c = add(b, a)
d = reshape(x, shape=[12])
e = put_along_axis(d, c, y, axis=0)
reshape(e, shape=[4, 3])
---- python
indices = i * 3 + j % 3
x = x.reshape(12)
return mx.put_along_axis(x, indices, y, axis=0).reshape(4, 3)
