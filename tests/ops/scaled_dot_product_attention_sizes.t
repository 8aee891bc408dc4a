symbol s0: 1..64
symbol s1: 1..64
q: f32[s0, 4, s1, 8]
aten.scaled_dot_product_attention.default(q, q, q, None, 0.0, True) : f32[s0, 4, s1, 8]
---- mlx
causal_attention(q, q, q, scale=0.35355339059327373)
---- python
x = mx.fast.scaled_dot_product_attention(q, q, q, scale=0.35355339059327373, mask="causal")
return x
