x: f16[2, 3]
aten.mean.default(x, dtype=f32) : f32[]
---- mlx
a = astype(x, dtype=f32)
mean(a)
---- python
return mx.mean(x.astype(mx.float32))
