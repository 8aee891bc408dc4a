x: f32[]
y: f32[3]
a, b = aten.atleast_2d.Sequence([x, y]) : f32[1, 1], f32[1, 3]
return a, b
---- mlx
a = expand_dims(x, axis=0)
b = expand_dims(a, axis=0)
c = expand_dims(y, axis=0)
return b, c
---- python
return mx.expand_dims(mx.expand_dims(x, axis=0), axis=0), mx.expand_dims(y, axis=0)
