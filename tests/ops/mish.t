x: f32[3, 5]
aten.mish.default(x) : f32[3, 5]
---- mlx
a = logaddexp(x, 0)
b = tanh(a)
multiply(x, b)
---- python
return x * mx.tanh(mx.logaddexp(x, 0))
