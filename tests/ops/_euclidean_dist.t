x: f32[2, 3]
y: f32[5, 3]
aten._euclidean_dist.default(x, y) : f32[2, 5]
---- mlx
a = expand_dims(y, axis=0)
b = expand_dims(x, axis=1)
c = subtract(b, a)
d = abs(c)
e = square(d)
f = sum(e, axis=[2])
sqrt(f)
---- python
x = mx.abs(mx.expand_dims(x, axis=1) - mx.expand_dims(y, axis=0))
return mx.sqrt(mx.sum(mx.square(x), axis=(2,)))
