x: f32[3, 5]
aten.softplus.default(x) : f32[3, 5]
---- mlx
a = logaddexp(x, 0)
b = greater(x, 20)
where(b, x, a)
---- python
return mx.where(x > 20, x, mx.logaddexp(x, 0))
