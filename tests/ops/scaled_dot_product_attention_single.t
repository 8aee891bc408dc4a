q: f32[4, 5, 8]
aten.scaled_dot_product_attention.default(q, q, q) : f32[4, 5, 8]
---- mlx
a = expand_dims(q, axis=0)
b = expand_dims(q, axis=0)
c = expand_dims(q, axis=0)
d = scaled_dot_product_attention(a, b, c, scale=0.35355339059327373)
squeeze(d, axis=0)
---- python
queries = mx.expand_dims(q, axis=0)
keys = mx.expand_dims(q, axis=0)
values = mx.expand_dims(q, axis=0)
x = mx.fast.scaled_dot_product_attention(queries, keys, values, scale=0.35355339059327373)
return x.squeeze(0)
