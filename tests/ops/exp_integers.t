x: i64[2]
aten.exp.default(x) : f32[2]
---- mlx
a = astype(x, dtype=f32)
exp(a)
---- python
return mx.exp(x.astype(mx.float32))
