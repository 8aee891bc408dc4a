x: f32[2, 3, 4]
y0, y1 = aten.max.dim(x, 1) : f32[2, 4], i64[2, 4]
return y0, y1
---- mlx
a = max(x, axis=[1])
b = argmax(x, axis=1)
c = astype(b, dtype=i64)
return a, c
---- python
return mx.max(x, axis=(1,)), mx.argmax(x, axis=1).astype(mx.int64)
