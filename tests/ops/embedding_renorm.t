w: f32[10, 4]
i: i64[2, 3]
aten.embedding_renorm.default(w, i, 1.0, 2.0) : f32[10, 4]
---- mlx
a = abs(w)
b = square(w)
c = sum(b, axis=[1], keepdims=True)
d = sqrt(c)
e = reshape(i, shape=[-1])
f = full(shape=[10, 1], value=0, dtype=i32)
g = full(shape=[6, 1], value=1, dtype=i32)
h = add_at(f, e, g)
j = greater(h, 0)
k = greater(d, 1.0)
l = logical_and(j, k)
m = add(d, 1e-07)
n = divide(1.0, m)
o = multiply(w, n)
where(l, o, w)
---- python
w_2 = mx.sqrt(mx.sum(mx.square(w), axis=(1,), keepdims=True))
indices = i.reshape(-1)
add_at = mx.zeros((10, 1), dtype=mx.int32).at[indices].add(mx.ones((6, 1), dtype=mx.int32))
return mx.where((add_at > 0) & (w_2 > 1.0), w * (1.0 / (w_2 + 1e-07)), w)
