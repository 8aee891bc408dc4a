symbol s0: 1..64 = 4
x: f32[s0, 3]
aten.bernoulli.p(x, 0.25) : f32[s0, 3]
---- mlx
symbol s0: 1..64 = 4
x: f32[s0, 3]
key: u32[2] random
a = shape(x, axis=0)
b = random.bernoulli(0.25, key, shape=[a, 3])
astype(b, dtype=f32)
---- python
B = x.shape[0]
return mx.random.bernoulli(0.25, (B, 3), key=key).astype(mx.float32)
