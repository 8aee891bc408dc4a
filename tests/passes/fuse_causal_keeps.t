# pass: fuse_causal dce
# Keys before the query alone, and more keys than queries, which MLX aligns at the end.
symbol n: 0..
q: f32[2, 4, n, 8]
k: f32[2, 4, n, 8]
long: f32[2, 4, n + 1, 8]
l = shape(q, axis=2)
i = arange(stop=l, dtype=i64)
keys = expand_dims(i, axis=0)
queries = expand_dims(i, axis=1)
m = less(keys, queries)
a = scaled_dot_product_attention(q, k, k, scale=0.5, mask=m)
more = shape(long, axis=2)
j = arange(stop=more, dtype=i64)
others = expand_dims(j, axis=0)
m2 = less_equal(others, queries)
b = scaled_dot_product_attention(a, long, long, scale=0.5, mask=m2)
return b
---- after
symbol n: 0..
q: f32[2, 4, n, 8]
k: f32[2, 4, n, 8]
long: f32[2, 4, n + 1, 8]
l = shape(q, axis=2)
i = arange(stop=l, dtype=i64)
keys = expand_dims(i, axis=0)
queries = expand_dims(i, axis=1)
m = less(keys, queries)
a = scaled_dot_product_attention(q, k, k, scale=0.5, mask=m)
more = shape(long, axis=2)
j = arange(stop=more, dtype=i64)
others = expand_dims(j, axis=0)
m2 = less_equal(others, queries)
b = scaled_dot_product_attention(a, long, long, scale=0.5, mask=m2)
return b
