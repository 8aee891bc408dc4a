x: f32[2, 3]
aten.var.default(x) : f32[]
---- mlx
var(x, ddof=1)
---- python
return mx.var(x, ddof=1)
