symbol s0: 1..64 = 4
x: f32[s0, 3]
aten.randint_like.default(x, 9) : f32[s0, 3]
---- mlx
symbol s0: 1..64 = 4
x: f32[s0, 3]
key: u32[2] random
a = shape(x, axis=0)
b = random.randint(key, low=0, high=9, shape=[a, 3])
astype(b, dtype=f32)
---- python
B = x.shape[0]
return mx.random.randint(0, 9, (B, 3), key=key).astype(mx.float32)
