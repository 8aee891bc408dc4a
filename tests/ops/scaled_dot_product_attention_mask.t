q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
v: f32[2, 4, 7, 8]
m: f32[2, 1, 5, 7]
aten.scaled_dot_product_attention.default(q, k, v, m, scale=0.5) : f32[2, 4, 5, 8]
---- mlx
a = scaled_dot_product_attention(q, k, v, scale=0.5, mask=m)
b = not_equal(m, -inf)
c = any(b, axis=[-1], keepdims=True)
where(c, a, 0)
---- python
x = mx.fast.scaled_dot_product_attention(q, k, v, scale=0.5, mask=m)
return mx.where(mx.any(m != -mx.inf, axis=(-1,), keepdims=True), x, 0)
