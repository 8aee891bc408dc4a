x: f32[2, 3]
aten.clamp_max.default(x, 1) : f32[2, 3]
---- mlx
minimum(x, 1)
---- python
return mx.minimum(x, 1)
