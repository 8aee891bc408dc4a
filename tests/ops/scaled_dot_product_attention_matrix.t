q: f32[5, 8]
aten.scaled_dot_product_attention.default(q, q, q) : f32[5, 8]
---- mlx
a = expand_dims(q, axis=0)
b = expand_dims(a, axis=0)
c = expand_dims(q, axis=0)
d = expand_dims(c, axis=0)
e = expand_dims(q, axis=0)
f = expand_dims(e, axis=0)
g = scaled_dot_product_attention(b, d, f, scale=0.35355339059327373)
h = squeeze(g, axis=0)
squeeze(h, axis=0)
---- python
queries = mx.expand_dims(mx.expand_dims(q, axis=0), axis=0)
keys = mx.expand_dims(mx.expand_dims(q, axis=0), axis=0)
values = mx.expand_dims(mx.expand_dims(q, axis=0), axis=0)
x = mx.fast.scaled_dot_product_attention(queries, keys, values, scale=0.35355339059327373)
return x.squeeze(0).squeeze(0)
