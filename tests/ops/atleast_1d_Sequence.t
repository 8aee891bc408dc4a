x: f32[]
y: f32[3]
a, b = aten.atleast_1d.Sequence([x, y]) : f32[1], f32[3]
return a, b
---- mlx
a = expand_dims(x, axis=0)
return a, y
---- python
return mx.expand_dims(x, axis=0), y
