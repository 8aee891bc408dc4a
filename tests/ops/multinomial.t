weights: f32[2, 5]
aten.multinomial.default(weights, 3) : i64[2, 3]
---- mlx
weights: f32[2, 5]
key: u32[2] random
a = log(weights)
b = random.gumbel(key, shape=[2, 5])
c = add(a, b)
d = negative(c)
e = argsort(d, axis=1)
f = slice(e, axis=1, stop=3)
astype(f, dtype=i64)
---- python
x = mx.random.gumbel((2, 5), key=key)
return mx.argsort(-(mx.log(weights) + x), axis=1)[:, :3].astype(mx.int64)
