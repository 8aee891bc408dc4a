q: f32[4, 5, 8]
aten.scaled_dot_product_attention.default(q, q, q) : f32[4, 5, 8]
---- mlx
a = expand_dims(q, axis=0)
b = expand_dims(q, axis=0)
c = expand_dims(q, axis=0)
d = scaled_dot_product_attention(a, b, c, scale=0.35355339059327373)
squeeze(d, axis=0)
---- python
expand_dims = mx.expand_dims(q, axis=0)
q_2 = mx.expand_dims(q, axis=0)
q = mx.expand_dims(q, axis=0)
expand_dims = mx.fast.scaled_dot_product_attention(
    expand_dims, q_2, q, scale=0.35355339059327373
)
return expand_dims.squeeze(0)
