x: f32[3, 5]
aten.elu.default(x) : f32[3, 5]
---- mlx
a = expm1(x)
b = greater(x, 0)
where(b, x, a)
---- python
return mx.where(x > 0, x, mx.expm1(x))
