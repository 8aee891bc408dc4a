x: f32[2, 3]
aten.argmin.default(x, 0, True) : i64[1, 3]
---- mlx
a = argmin(x, axis=0, keepdims=True)
astype(a, dtype=i64)
---- python
return mx.argmin(x, axis=0, keepdims=True).astype(mx.int64)
