aten.randn.default([2, 3]) : bf16[2, 3]
---- mlx
key: u32[2] random
a = random.normal(key, shape=[2, 3])
astype(a, dtype=bf16)
---- python
return mx.random.normal((2, 3), key=key).astype(mx.bfloat16)
