x: f32[2, 2]
aten.diagflat.default(x, 1) : f32[5, 5]
---- mlx
a = reshape(x, shape=[-1])
b = pad(a, widths=[[0, 1]], value=0)
c = expand_dims(b, axis=1)
d = arange(stop=5, dtype=i32)
e = expand_dims(d, axis=1)
f = add(e, 1)
g = arange(stop=5, dtype=i32)
h = equal(f, g)
where(h, c, 0)
---- python
x = mx.pad(x.reshape(-1), ((0, 1),), constant_values=0)
x = mx.expand_dims(x, axis=1)
return mx.where(mx.expand_dims(mx.arange(5), axis=1) + 1 == mx.arange(5), x, 0)
