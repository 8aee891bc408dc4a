q: f32[2, 4, 5, 8]
k: f32[2, 2, 7, 8]
v: f32[2, 2, 7, 8]
aten.scaled_dot_product_attention.default(q, k, v, enable_gqa=True) : f32[2, 4, 5, 8]
---- mlx
scaled_dot_product_attention(q, k, v, scale=0.35355339059327373)
---- python
return mx.fast.scaled_dot_product_attention(q, k, v, scale=0.35355339059327373)
