x: f32[4]
aten.exponential.default(x, 2.5) : f32[4]
---- mlx
x: f32[4]
key: u32[2] random
a = random.uniform(key, low=0.0, high=1.0, shape=[4])
b = negative(a)
c = log1p(b)
divide(c, -2.5)
---- python
return mx.log1p(-mx.random.uniform(shape=(4,), key=key)) / -2.5
