x: f32[2, 3]
a, b = aten.max.dim(x, 0, True) : f32[1, 3], i64[1, 3]
return a
---- mlx
a = max(x, axis=[0], keepdims=True)
b = argmax(x, axis=0, keepdims=True)
c = astype(b, dtype=i64)
return a
---- python
return mx.max(x, axis=(0,), keepdims=True)
