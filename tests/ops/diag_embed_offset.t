x: f32[2, 3]
aten.diag_embed.default(x, -1, 0, 2) : f32[4, 2, 4]
---- mlx
a = pad(x, widths=[[0, 0], [0, 1]], value=0)
b = expand_dims(a, axis=1)
c = arange(stop=4, dtype=i32)
d = expand_dims(c, axis=1)
e = add(d, -1)
f = arange(stop=4, dtype=i32)
g = equal(e, f)
h = where(g, b, 0)
transpose(h, axes=[1, 0, 2])
---- python
x = mx.pad(x, ((0, 0), (0, 1)), constant_values=0)
x = mx.expand_dims(x, axis=1)
where = mx.where(mx.expand_dims(mx.arange(4), axis=1) + -1 == mx.arange(4), x, 0)
return where.transpose(1, 0, 2)
