x: f32[2, 3]
aten.clamp.default(x, 0.0) : f32[2, 3]
---- mlx
maximum(x, 0.0)
---- python
return mx.maximum(x, 0.0)
