x: f32[2]
y: i64[2]
aten.maximum.default(x, y) : f32[2]
---- mlx
a = astype(y, dtype=f32)
maximum(x, a)
---- python
return mx.maximum(x, y.astype(mx.float32))
