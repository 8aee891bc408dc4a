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
t1: f32[49, 4] = parameter "table"
i1: i32[35]
o: bool[2, 1, 5, 7]
b1 = take(t1, i1, axis=0)
b2 = reshape(b1, shape=(5, 7, 4))
b3 = transpose(b2, axes=(2, 0, 1))
b4 = expand_dims(b3, axis=0)
b5 = where(o, 0.0, -100.0)
b6 = add(b4, b5)
u = scaled_dot_product_attention(q, k, k, scale=0.5, mask=b6)
j1 = not_equal(b6, -inf)
j2 = any(j1, axis=(-1), keepdims=True)
z1 = where(j2, u, 0)
b7 = where(o, 0.0, -3e+38)
b8 = add(b4, b7)
v = scaled_dot_product_attention(q, k, k, scale=0.5, mask=b8)
j3 = not_equal(b8, -inf)
j4 = any(j3, axis=(-1), keepdims=True)
z2 = where(j4, v, 0)
b9 = where(o, 0.0, -65504.0)
b10 = add(b9, b9)
p = scaled_dot_product_attention(q, k, k, scale=0.5, mask=b10)
j5 = not_equal(b10, -inf)
j6 = any(j5, axis=(-1), keepdims=True)
z3 = where(j6, p, 0)
return y, z, z1, z2, z3
---- after
q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
m: bool[2, 1, 1, 7]
w: bool[2, 1, 5, 7]
t1: f32[49, 4] = parameter "table"
i1: i32[35]
o: bool[2, 1, 5, 7]
s = scaled_dot_product_attention(q, k, k, scale=0.5, mask=m)
t = scaled_dot_product_attention(q, k, k, scale=0.5, mask=w)
i = any(w, axis=[-1], keepdims=True)
z = where(i, t, 0)
b1 = take(t1, i1, axis=0)
b2 = reshape(b1, shape=[5, 7, 4])
b3 = transpose(b2, axes=[2, 0, 1])
b4 = expand_dims(b3, axis=0)
b5 = where(o, 0.0, -100.0)
b6 = add(b4, b5)
u = scaled_dot_product_attention(q, k, k, scale=0.5, mask=b6)
b7 = where(o, 0.0, -3e+38)
b8 = add(b4, b7)
v = scaled_dot_product_attention(q, k, k, scale=0.5, mask=b8)
j3 = not_equal(b8, -inf)
j4 = any(j3, axis=[-1], keepdims=True)
z2 = where(j4, v, 0)
b9 = where(o, 0.0, -65504.0)
b10 = add(b9, b9)
p = scaled_dot_product_attention(q, k, k, scale=0.5, mask=b10)
j5 = not_equal(b10, -inf)
j6 = any(j5, axis=[-1], keepdims=True)
z3 = where(j6, p, 0)
return s, z, u, z2, z3
