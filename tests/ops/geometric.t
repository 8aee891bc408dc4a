x: f32[4]
aten.geometric.default(x, 0.25) : f32[4]
---- mlx
x: f32[4]
key: u32[2] random
a = random.uniform(key, low=0.0, high=1.0, shape=[4])
b = negative(a)
c = log1p(b)
d = divide(c, -0.2876820724517809)
e = ceil(d)
maximum(e, 1.0)
---- python
x = mx.random.uniform(shape=(4,), key=key)
return mx.maximum(mx.ceil(mx.log1p(-x) / -0.2876820724517809), 1.0)
