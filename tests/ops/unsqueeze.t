x: f32[2, 3]
aten.unsqueeze.default(x, -1) : f32[2, 3, 1]
---- mlx
expand_dims(x, axis=2)
---- python
return mx.expand_dims(x, axis=2)
