x: f32[2, 3]
aten.hardtanh.default(x, 0.0, 6.0) : f32[2, 3]
---- mlx
a = maximum(x, 0.0)
minimum(a, 6.0)
---- python
return mx.minimum(mx.maximum(x, 0.0), 6.0)
