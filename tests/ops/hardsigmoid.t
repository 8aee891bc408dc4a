x: f32[3, 5]
aten.hardsigmoid.default(x) : f32[3, 5]
---- mlx
a = add(x, 3)
b = maximum(a, 0)
c = minimum(b, 6)
divide(c, 6)
---- python
return mx.minimum(mx.maximum(x + 3, 0), 6) / 6
