x: f32[3, 2]
aten._pdist_forward.default(x, 2.0) : f32[3]
---- mlx
x: f32[3, 2]
pairs: i64[3] = constant "pairs" nonpersistent
a = expand_dims(x, axis=0)
b = expand_dims(x, axis=1)
c = subtract(b, a)
d = abs(c)
e = square(d)
f = sum(e, axis=[2])
g = sqrt(f)
h = reshape(g, shape=[-1])
take(h, pairs, axis=0)
---- python
subtract = mx.expand_dims(x, axis=1) - mx.expand_dims(x, axis=0)
subtract = mx.sum(mx.square(mx.abs(subtract)), axis=(2,))
return mx.take(mx.sqrt(subtract).reshape(-1), _PAIRS, axis=0)
