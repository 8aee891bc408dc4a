x: f32[4]
aten.random.to(x, 6) : f32[4]
---- mlx
x: f32[4]
key: u32[2] random
a = random.randint(key, low=0, high=6, shape=[4])
astype(a, dtype=f32)
---- python
return mx.random.randint(0, 6, (4,), key=key).astype(mx.float32)
