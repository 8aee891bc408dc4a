x: f32[2, 3]
y: f32[5, 3]
aten._cdist_forward.default(x, y, 1.0, None) : f32[2, 5]
---- mlx
a = expand_dims(y, axis=0)
b = expand_dims(x, axis=1)
c = subtract(b, a)
d = abs(c)
sum(d, axis=[2])
---- python
return mx.sum(mx.abs(mx.expand_dims(x, axis=1) - mx.expand_dims(y, axis=0)), axis=(2,))
