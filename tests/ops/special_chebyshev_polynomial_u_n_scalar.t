x: f32[4]
aten.special_chebyshev_polynomial_u.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 2.0)
b = multiply(x, 2.0)
c = multiply(b, a)
d = subtract(c, 1.0)
e = multiply(x, 2.0)
f = multiply(e, d)
subtract(f, a)
---- python
x_2 = x * 2.0
return x * 2.0 * (x * 2.0 * x_2 - 1.0) - x_2
