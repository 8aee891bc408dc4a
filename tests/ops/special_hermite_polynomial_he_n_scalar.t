x: f32[4]
aten.special_hermite_polynomial_he.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, x)
b = subtract(a, 1.0)
c = multiply(x, b)
d = multiply(x, 2.0)
subtract(c, d)
---- python
return x * (x * x - 1.0) - x * 2.0
