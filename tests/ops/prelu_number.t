x: f32[]
weight: f32[1]
aten.prelu.default(x, weight) : f32[]
---- mlx
a = reshape(weight, shape=[])
b = multiply(a, x)
c = greater(x, 0)
where(c, x, b)
---- python
return mx.where(x > 0, x, weight.reshape(()) * x)
