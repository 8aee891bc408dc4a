x: f32[3]
aten.angle.default(x) : f32[3]
---- mlx
a = less(x, 0)
b = where(a, 3.141592653589793, 0.0)
c = isnan(x)
where(c, x, b)
---- python
return mx.where(mx.isnan(x), x, mx.where(x < 0, 3.141592653589793, 0.0))
