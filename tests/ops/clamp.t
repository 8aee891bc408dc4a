x: f32[2, 3]
aten.clamp.default(x, -1.0, 1.0) : f32[2, 3]
---- mlx
a = maximum(x, -1.0)
minimum(a, 1.0)
---- python
return mx.minimum(mx.maximum(x, -1.0), 1.0)
