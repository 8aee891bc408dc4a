# pass: fuse_attention dce
q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
v: f32[2, 4, 7, 8]
m: f32[2, 1, 1, 7]
t = transpose(k, axes=(0, 1, 3, 2))
a = matmul(q, t)
b = divide(a, 4.0)
c = add(b, m)
s = softmax(c, axis=-1)
o = matmul(s, v)
return o
---- after
q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
v: f32[2, 4, 7, 8]
m: f32[2, 1, 1, 7]
o = scaled_dot_product_attention(q, k, v, scale=0.25, mask=m)
return o
