x: f32[2, 3]
aten.argmax.default(x, -1) : i64[2]
---- mlx
a = argmax(x, axis=1)
astype(a, dtype=i64)
---- python
return mx.argmax(x, axis=1).astype(mx.int64)
