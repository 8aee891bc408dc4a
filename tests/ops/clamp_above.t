x: f32[2, 3]
aten.clamp.default(x, None, 1) : f32[2, 3]
---- mlx
minimum(x, 1)
---- python
return mx.minimum(x, 1)
