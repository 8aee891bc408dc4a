x: f32[2, 3]
y: i64[3]
aten.copy.default(x, y) : f32[2, 3]
---- mlx
a = astype(y, dtype=f32)
broadcast_to(a, shape=[2, 3])
---- python
return mx.broadcast_to(y.astype(mx.float32), shape=(2, 3))
