w: f32[10, 4]
i: i64[7]
o: i64[3]
y, u, v2, z = aten.embedding_bag.padding_idx(w, i, o, False, 1, False, None, False, 0) : f32[3, 4], i64[7], i64[3], i64[3]
return y
---- mlx
a = embedding(w, i)
b = not_equal(i, 0)
c = arange(stop=7, dtype=i32)
d = expand_dims(c, axis=1)
e = greater_equal(d, o)
f = sum(e, axis=[1])
g = subtract(f, 1)
h = expand_dims(b, axis=-1)
j = where(h, a, 0.0)
k = full(shape=[3, 4], value=0, dtype=f32)
l = add_at(k, g, j)
m = astype(b, dtype=f32)
n = full(shape=[3], value=0, dtype=f32)
p = add_at(n, g, m)
q = maximum(p, 1)
r = expand_dims(q, axis=1)
divide(l, r)
---- python
not_equal = i != 0
indices = mx.sum(mx.expand_dims(mx.arange(7), axis=1) >= o, axis=(1,)) - 1
values = mx.where(mx.expand_dims(not_equal, axis=-1), w[i], 0.0)
add_at = mx.zeros((3,), dtype=mx.float32).at[indices].add(not_equal.astype(mx.float32))
add_at = mx.expand_dims(mx.maximum(add_at, 1), axis=1)
divide = mx.zeros((3, 4), dtype=mx.float32).at[indices].add(values) / add_at
return divide
