aten.randperm.default(9) : i64[9]
---- mlx
key: u32[2] random
a = random.permutation(key, n=9)
astype(a, dtype=i64)
---- python
return mx.random.permutation(9, key=key).astype(mx.int64)
