x: f32[2, 3]
y0, y1 = aten.var_mean.correction(x, [1], correction=0, keepdim=True) : f32[2, 1], f32[2, 1]
return y0, y1
---- mlx
a = mean(x, axis=[1], keepdims=True)
b = var(x, axis=[1], ddof=0, keepdims=True)
return b, a
---- python
return mx.var(x, axis=(1,), ddof=0, keepdims=True), mx.mean(x, axis=(1,), keepdims=True)
