# pass: drop_broadcasts dce
q: f32[2, 4, 5, 8]
h: f16[2, 4, 5, 8]
m: bool[2, 1, 1, 5]
a = full(shape=(1, 4, 5, 5), value=0.0, dtype=f32)
b = where(m, a, -1e+38)
c = scaled_dot_product_attention(q, q, q, scale=0.5, mask=b)
d = full(shape=(1, 4, 5, 5), value=0.0, dtype=f16)
e = where(m, d, -6e+4)
f = scaled_dot_product_attention(h, h, h, scale=0.5, mask=e)
return c, f
---- after
q: f32[2, 4, 5, 8]
h: f16[2, 4, 5, 8]
m: bool[2, 1, 1, 5]
where = where(m, 0.0, -1e+38)
c = scaled_dot_product_attention(q, q, q, scale=0.5, mask=where)
d = full(shape=[1, 4, 5, 5], value=0.0, dtype=f16)
e = where(m, d, -60000.0)
f = scaled_dot_product_attention(h, h, h, scale=0.5, mask=e)
return c, f
