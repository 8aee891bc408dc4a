x: f32[2, 3]
aten.std.correction(x, [1], correction=0) : f32[2]
---- mlx
a = var(x, axis=[1], ddof=0)
sqrt(a)
---- python
return mx.sqrt(mx.var(x, axis=(1,), ddof=0))
