# pass: fuse_causal dce
symbol n: 0..
q: f32[2, 4, n, 8]
k: f32[2, 4, n, 8]
l = shape(q, axis=2)
i = arange(stop=l, dtype=i64)
keys = expand_dims(i, axis=0)
queries = expand_dims(i, axis=1)
m = less_equal(keys, queries)
a = scaled_dot_product_attention(q, k, k, scale=0.5, mask=m)
behind = greater(keys, queries)
low = full(shape=[], value=-3.4e+38, dtype=f32)
added = where(behind, low, 0.0)
b = scaled_dot_product_attention(a, k, k, scale=0.5, mask=added)
return b
---- after
symbol n: 0..
q: f32[2, 4, n, 8]
k: f32[2, 4, n, 8]
a = causal_attention(q, k, k, scale=0.5)
b = causal_attention(a, k, k, scale=0.5)
return b
