q: f32[2, 4, 2, 5, 8]
k: f32[2, 1, 2, 7, 8]
aten.scaled_dot_product_attention.default(q, k, k) : f32[2, 4, 2, 5, 8]
---- mlx
a = reshape(q, shape=[-1, 2, 5, 8])
b = broadcast_to(k, shape=[2, 4, 2, 7, 8])
c = reshape(b, shape=[-1, 2, 7, 8])
d = broadcast_to(k, shape=[2, 4, 2, 7, 8])
e = reshape(d, shape=[-1, 2, 7, 8])
f = scaled_dot_product_attention(a, c, e, scale=0.35355339059327373)
reshape(f, shape=[2, 4, 2, 5, 8])
---- python
queries = q.reshape(-1, 2, 5, 8)
keys = mx.broadcast_to(k, shape=(2, 4, 2, 7, 8)).reshape(-1, 2, 7, 8)
values = mx.broadcast_to(k, shape=(2, 4, 2, 7, 8)).reshape(-1, 2, 7, 8)
x = mx.fast.scaled_dot_product_attention(queries, keys, values, scale=0.35355339059327373)
return x.reshape(2, 4, 2, 5, 8)
