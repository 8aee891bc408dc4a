x: f32[2, 3, 4]
y0, y1 = aten.min.dim(x, 1) : f32[2, 4], i64[2, 4]
return y0, y1
---- mlx
a = min(x, axis=[1])
b = argmin(x, axis=1)
c = astype(b, dtype=i64)
return a, c
---- python
return mx.min(x, axis=(1,)), mx.argmin(x, axis=1).astype(mx.int64)
