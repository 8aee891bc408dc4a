x: f32[3]
aten.atleast_2d.default(x) : f32[1, 3]
---- mlx
expand_dims(x, axis=0)
---- python
return mx.expand_dims(x, axis=0)
