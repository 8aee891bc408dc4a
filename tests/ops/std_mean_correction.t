x: f32[2, 3]
y0, y1 = aten.std_mean.correction(x, [1]) : f32[2], f32[2]
return y0, y1
---- mlx
a = mean(x, axis=[1])
b = var(x, axis=[1], ddof=1)
c = sqrt(b)
return c, a
---- python
return mx.sqrt(mx.var(x, axis=(1,), ddof=1)), mx.mean(x, axis=(1,))
