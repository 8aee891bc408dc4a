aten.rand.default([2, 3]) : f16[2, 3]
---- mlx
key: u32[2] random
a = random.uniform(key, low=0.0, high=1.0, shape=[2, 3])
b = astype(a, dtype=f16)
minimum(b, 0.99951171875)
---- python
x = mx.random.uniform(shape=(2, 3), key=key)
return mx.minimum(x.astype(mx.float16), 0.99951171875)
