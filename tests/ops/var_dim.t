x: f32[2, 3]
aten.var.dim(x, [1], False) : f32[2]
---- mlx
var(x, axis=[1], ddof=0)
---- python
return mx.var(x, axis=(1,), ddof=0)
