# pass: group_heads dce
q: f32[2, 4, 5, 8]
k: f32[2, 2, 5, 8]
v: f32[2, 2, 5, 8]
a = expand_dims(k, axis=2)
b = broadcast_to(a, shape=(2, 2, 2, 5, 8))
c = reshape(b, shape=(2, 4, 5, 8))
d = expand_dims(v, axis=2)
e = broadcast_to(d, shape=(2, 2, 2, 5, 8))
f = reshape(e, shape=(2, 4, 5, 8))
y = scaled_dot_product_attention(q, c, f, scale=0.5)
return y
---- after
q: f32[2, 4, 5, 8]
k: f32[2, 2, 5, 8]
v: f32[2, 2, 5, 8]
y = scaled_dot_product_attention(q, k, v, scale=0.5)
return y
