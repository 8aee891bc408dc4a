q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
v: f32[2, 4, 7, 8]
m: bool[2, 1, 1, 7]
aten.scaled_dot_product_attention.default(q, k, v, m) : f32[2, 4, 5, 8]
---- mlx
a = scaled_dot_product_attention(q, k, v, scale=0.35355339059327373, mask=m)
b = any(m, axis=[-1], keepdims=True)
where(b, a, 0)
---- python
x = mx.fast.scaled_dot_product_attention(q, k, v, scale=0.35355339059327373, mask=m)
return mx.where(mx.any(m, axis=(-1,), keepdims=True), x, 0)
