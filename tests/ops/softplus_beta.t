x: f32[2, 3]
aten.softplus.default(x, 2, 5) : f32[2, 3]
---- mlx
a = multiply(x, 2)
b = logaddexp(a, 0)
c = divide(b, 2)
d = greater(a, 5)
where(d, x, c)
---- python
x_2 = x * 2
return mx.where(x_2 > 5, x, mx.logaddexp(x_2, 0) / 2)
