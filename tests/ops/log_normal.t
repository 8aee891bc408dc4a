x: f32[4]
aten.log_normal.default(x, 0.0, 0.5) : f32[4]
---- mlx
x: f32[4]
key: u32[2] random
a = random.normal(key, shape=[4])
b = multiply(a, 0.5)
exp(b)
---- python
return mx.exp(mx.random.normal((4,), key=key) * 0.5)
