w: f32[10, 4]
i: i64[7]
o: i64[3]
y, u, v2, z = aten._embedding_bag.default(w, i, o, False, 2) : f32[3, 4], i64[7], i64[3], i64[3]
return y
---- mlx
a = embedding(w, i)
b = arange(stop=7, dtype=i32)
c = expand_dims(b, axis=1)
d = greater_equal(c, o)
e = sum(d, axis=[1])
f = subtract(e, 1)
g = arange(stop=3, dtype=i32)
h = expand_dims(g, axis=1)
j = equal(h, f)
k = expand_dims(j, axis=-1)
l = where(k, a, -inf)
m = max(l, axis=[1])
n = any(j, axis=[1], keepdims=True)
where(n, m, 0)
---- python
expand_dims = mx.expand_dims(mx.arange(3), axis=1)
equal = expand_dims == mx.sum(mx.expand_dims(mx.arange(7), axis=1) >= o, axis=(1,)) - 1
where = mx.where(mx.expand_dims(equal, axis=-1), w[i], -mx.inf)
return mx.where(mx.any(equal, axis=(1,), keepdims=True), mx.max(where, axis=(1,)), 0)
