q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
aten.scaled_dot_product_attention.default(q, k, k, None, 0.0, True) : f32[2, 4, 5, 8]
---- mlx
a = arange(stop=7, dtype=i32)
b = arange(stop=5, dtype=i32)
c = expand_dims(b, axis=1)
d = greater_equal(c, a)
scaled_dot_product_attention(q, k, k, scale=0.35355339059327373, mask=d)
---- python
mask = mx.expand_dims(mx.arange(5), axis=1) >= mx.arange(7)
x = mx.fast.scaled_dot_product_attention(q, k, k, scale=0.35355339059327373, mask=mask)
return x
