x: f32[2, 3]
aten.std.dim(x, [1]) : f32[2]
---- mlx
a = var(x, axis=[1], ddof=1)
sqrt(a)
---- python
return mx.sqrt(mx.var(x, axis=(1,), ddof=1))
