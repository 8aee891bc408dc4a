x: f32[2, 3]
aten.std.default(x, False) : f32[]
---- mlx
a = var(x, ddof=0)
sqrt(a)
---- python
return mx.sqrt(mx.var(x, ddof=0))
