x: f32[4]
aten.uniform.default(x, -1.0, 2.0) : f32[4]
---- mlx
x: f32[4]
key: u32[2] random
random.uniform(key, low=-1.0, high=2.0, shape=[4])
---- python
return mx.random.uniform(-1.0, 2.0, (4,), key=key)
