x: f32[]
y: f32[3]
a, b = aten.atleast_3d.Sequence([x, y]) : f32[1, 1, 1], f32[1, 3, 1]
return a, b
---- mlx
a = expand_dims(x, axis=0)
b = expand_dims(a, axis=0)
c = expand_dims(b, axis=2)
d = expand_dims(y, axis=0)
e = expand_dims(d, axis=2)
return c, e
---- python
x = mx.expand_dims(mx.expand_dims(x, axis=0), axis=0)
return mx.expand_dims(x, axis=2), mx.expand_dims(mx.expand_dims(y, axis=0), axis=2)
