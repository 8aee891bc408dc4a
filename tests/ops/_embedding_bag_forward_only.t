w: f32[10, 4]
i: i64[7]
o: i64[3]
y, u, v2, z = aten._embedding_bag_forward_only.default(w, i, o) : f32[3, 4], i64[7], i64[3], i64[3]
return y
---- mlx
a = embedding(w, i)
b = arange(stop=7, dtype=i32)
c = expand_dims(b, axis=1)
d = greater_equal(c, o)
e = sum(d, axis=[1])
f = subtract(e, 1)
g = full(shape=[3, 4], value=0, dtype=f32)
add_at(g, f, a)
---- python
expand_dims = mx.expand_dims(mx.arange(7), axis=1)
x = expand_dims >= o
return mx.zeros((3, 4), dtype=mx.float32).at[mx.sum(x, axis=(1,)) - 1].add(w[i])
