x: f32[]
aten.atleast_1d.default(x) : f32[1]
---- mlx
expand_dims(x, axis=0)
---- python
return mx.expand_dims(x, axis=0)
