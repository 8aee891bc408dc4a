x: f32[3, 4]
a = aten.sin.default(x) : f32[3, 4]
b = aten.diagonal.default(a, 1) : f32[3]
c = aten.fill_.Scalar(b, 0) : f32[3]
return a
---- functional
a = aten.sin.default(x) : f32[3, 4]
b = aten.diagonal.default(a, 1) : f32[3]
c = aten.fill.Scalar(b, 0) : f32[3]
aten.diagonal_scatter.default(a, c, 1) : f32[3, 4]
---- mlx
a = sin(x)
b = diagonal(a, offset=1, axis1=0, axis2=1)
c = full(shape=[3], value=0, dtype=f32)
d = transpose(a, axes=[0, 1])
e = arange(stop=3, dtype=i32)
f = expand_dims(e, axis=1)
g = add(f, 1)
h = arange(stop=4, dtype=i32)
i = equal(g, h)
j = arange(stop=3, dtype=i32)
k = minimum(j, 2)
l = take(c, k, axis=0)
m = expand_dims(l, axis=1)
n = where(i, m, d)
transpose(n, axes=[0, 1])
---- python
expand_dims = mx.expand_dims(mx.arange(3), axis=1)
take = mx.take(mx.zeros((3,), dtype=mx.float32), mx.minimum(mx.arange(3), 2), axis=0)
take = mx.expand_dims(take, axis=1)
where = mx.where(expand_dims + 1 == mx.arange(4), take, mx.sin(x).transpose(0, 1))
return where.transpose(0, 1)
