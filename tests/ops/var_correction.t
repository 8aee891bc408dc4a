x: f32[2, 3]
aten.var.correction(x, [1]) : f32[2]
---- mlx
var(x, axis=[1], ddof=1)
---- python
return mx.var(x, axis=(1,), ddof=1)
