x: f32[2, 3]
aten.atleast_3d.default(x) : f32[2, 3, 1]
---- mlx
expand_dims(x, axis=2)
---- python
return mx.expand_dims(x, axis=2)
