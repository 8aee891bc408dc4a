x: f32[2, 3]
aten.leaky_relu.default(x) : f32[2, 3]
---- mlx
a = multiply(x, 0.01)
b = greater(x, 0)
where(b, x, a)
---- python
return mx.where(x > 0, x, x * 0.01)
