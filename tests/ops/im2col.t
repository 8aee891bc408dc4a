x: f32[2, 4, 6, 6]
aten.im2col.default(x, [3, 3], [1, 1], [1, 1], [1, 1]) : f32[2, 36, 36]
---- mlx
a = pad(x, widths=[[0, 0], [0, 0], [1, 1], [1, 1]], value=0)
b = arange(stop=6, dtype=i32)
c = arange(stop=3, dtype=i32)
d = expand_dims(b, axis=1)
e = add(d, c)
f = take(a, e, axis=3)
g = arange(stop=6, dtype=i32)
h = arange(stop=3, dtype=i32)
i = expand_dims(g, axis=1)
j = add(i, h)
k = take(f, j, axis=2)
l = transpose(k, axes=[0, 1, 3, 5, 2, 4])
reshape(l, shape=[2, 36, 36])
---- python
x = mx.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=0)
take = mx.take(x, mx.expand_dims(mx.arange(6), axis=1) + mx.arange(3), axis=3)
take = mx.take(take, mx.expand_dims(mx.arange(6), axis=1) + mx.arange(3), axis=2)
return take.transpose(0, 1, 3, 5, 2, 4).reshape(2, 36, 36)
