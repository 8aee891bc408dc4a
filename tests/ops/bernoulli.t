p: f32[2, 3]
aten.bernoulli.default(p) : f32[2, 3]
---- mlx
p: f32[2, 3]
key: u32[2] random
a = random.bernoulli(p, key, shape=[2, 3])
astype(a, dtype=f32)
---- python
return mx.random.bernoulli(p, (2, 3), key=key).astype(mx.float32)
