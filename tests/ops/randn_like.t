symbol s0: 1..64 = 4
x: f32[s0, 3]
a = aten.randn_like.default(x) : f32[s0, 3]
b = aten.randn_like.default(x) : f32[s0, 3]
return a, b
---- mlx
symbol s0: 1..64 = 4
x: f32[s0, 3]
key_7: u32[2] = user "key" random
a = random.split(key_7, num=2)
b = select(a, axis=0, index=0)
c = select(a, axis=0, index=1)
d = shape(x, axis=0)
e = random.normal(b, shape=[d, 3])
f = shape(x, axis=0)
g = random.normal(c, shape=[f, 3])
return e, g
---- python
B = x.shape[0]
key = mx.random.split(key, 2)
return mx.random.normal((B, 3), key=key[0]), mx.random.normal((B, 3), key=key[1])
