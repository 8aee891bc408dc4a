x: f32[2, 3]
y: f32[2, 3]
aten.fmin.default(x, y) : f32[2, 3]
---- mlx
a = minimum(x, y)
b = isnan(y)
c = where(b, x, a)
d = isnan(x)
where(d, y, c)
---- python
return mx.where(mx.isnan(x), y, mx.where(mx.isnan(y), x, mx.minimum(x, y)))
