# pass: drop_broadcasts dce
q: f32[2, 4, 5, 8]
m: bool[2, 1, 1, 5]
n = broadcast_to(m, shape=(2, 1, 5, 5))
a = scaled_dot_product_attention(q, q, q, scale=0.5, mask=n)
return a
---- after
q: f32[2, 4, 5, 8]
m: bool[2, 1, 1, 5]
a = scaled_dot_product_attention(q, q, q, scale=0.5, mask=m)
return a
