symbol s0: 1..64 = 4
x: f32[s0, 3]
aten.rand_like.default(x) : f32[s0, 3]
---- mlx
symbol s0: 1..64 = 4
x: f32[s0, 3]
key: u32[2] random
a = shape(x, axis=0)
random.uniform(key, low=0.0, high=1.0, shape=[a, 3])
---- python
B = x.shape[0]
return mx.random.uniform(shape=(B, 3), key=key)
