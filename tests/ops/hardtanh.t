x: f32[2, 3]
aten.hardtanh.default(x) : f32[2, 3]
---- mlx
a = maximum(x, -1)
minimum(a, 1)
---- python
return mx.minimum(mx.maximum(x, -1), 1)
