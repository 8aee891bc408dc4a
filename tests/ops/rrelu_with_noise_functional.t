x: f32[2, 3]
n: f32[2, 3]
y0, y1 = aten.rrelu_with_noise_functional.default(x, n, 0.125, 0.375, False) : f32[2, 3], f32[2, 3]
return y0
---- mlx
a = multiply(x, 0.25)
b = greater(x, 0)
where(b, x, a)
---- python
return mx.where(x > 0, x, x * 0.25)
