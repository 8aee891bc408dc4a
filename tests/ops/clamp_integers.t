x: i64[2]
aten.clamp.default(x, 0.5) : f32[2]
---- mlx
a = astype(x, dtype=f32)
maximum(a, 0.5)
---- python
return mx.maximum(x.astype(mx.float32), 0.5)
