# pass: drop_broadcasts dce
q: f32[2, 4, 5, 8]
m: bool[1, 1, 5, 5]
bias: f32[4, 5, 5]
a = broadcast_to(m, shape=(2, 1, 5, 5))
b = where(a, bias, -1e+38)
c = scaled_dot_product_attention(q, q, q, scale=0.5, mask=b)
return c
---- after
q: f32[2, 4, 5, 8]
m: bool[1, 1, 5, 5]
bias: f32[4, 5, 5]
where = where(m, bias, -1e+38)
c = scaled_dot_product_attention(q, q, q, scale=0.5, mask=where)
return c
