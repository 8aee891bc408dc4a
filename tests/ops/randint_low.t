aten.randint.low(-2, 9, [4]) : i64[4]
---- mlx
key: u32[2] random
a = random.randint(key, low=-2, high=9, shape=[4])
astype(a, dtype=i64)
---- python
return mx.random.randint(-2, 9, (4,), key=key).astype(mx.int64)
