x: f32[2, 3]
aten.elu.default(x, 0.5) : f32[2, 3]
---- mlx
a = expm1(x)
b = multiply(a, 0.5)
c = greater(x, 0)
where(c, x, b)
---- python
return mx.where(x > 0, x, mx.expm1(x) * 0.5)
