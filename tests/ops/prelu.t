x: f32[2, 3, 4]
y: f32[3]
aten.prelu.default(x, y) : f32[2, 3, 4]
---- mlx
a = reshape(y, shape=[3, 1])
b = multiply(a, x)
c = greater(x, 0)
where(c, x, b)
---- python
return mx.where(x > 0, x, y.reshape(3, 1) * x)
