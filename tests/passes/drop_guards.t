# pass: drop_guards dce
q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
m: bool[2, 1, 1, 7]
w: bool[2, 1, 5, 7]
b = broadcast_to(m, shape=(2, 1, 5, 7))
s = scaled_dot_product_attention(q, k, k, scale=0.5, mask=m)
h = any(b, axis=(-1), keepdims=True)
y = where(h, s, 0)
t = scaled_dot_product_attention(q, k, k, scale=0.5, mask=w)
i = any(w, axis=(-1), keepdims=True)
z = where(i, t, 0)
return y, z
---- after
q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
m: bool[2, 1, 1, 7]
w: bool[2, 1, 5, 7]
s = scaled_dot_product_attention(q, k, k, scale=0.5, mask=m)
t = scaled_dot_product_attention(q, k, k, scale=0.5, mask=w)
i = any(w, axis=[-1], keepdims=True)
z = where(i, t, 0)
return s, z
