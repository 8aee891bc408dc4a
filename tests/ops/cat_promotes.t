x: f32[2, 3]
y: i64[2, 1]
aten.cat.default([x, y], -1) : f32[2, 4]
---- mlx
a = astype(y, dtype=f32)
concatenate([x, a], axis=1)
---- python
return mx.concatenate([x, y.astype(mx.float32)], axis=1)
