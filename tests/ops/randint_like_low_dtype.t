x: i32[4]
aten.randint_like.low_dtype(x, -2, 9) : i32[4]
---- mlx
x: i32[4]
key: u32[2] random
random.randint(key, low=-2, high=9, shape=[4])
---- python
return mx.random.randint(-2, 9, (4,), key=key)
