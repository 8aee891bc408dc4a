x: f32[2, 3]
aten.round.decimals(x, decimals=2) : f32[2, 3]
---- mlx
a = multiply(x, 100.0)
b = round(a)
divide(b, 100.0)
---- python
return mx.round(x * 100.0) / 100.0
