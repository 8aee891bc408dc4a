x: f32[4]
aten.special_shifted_chebyshev_polynomial_u.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 2.0)
b = add(a, -1.0)
c = multiply(b, 2.0)
d = multiply(b, 2.0)
e = multiply(d, c)
f = subtract(e, 1.0)
g = multiply(b, 2.0)
h = multiply(g, f)
subtract(h, c)
---- python
x = x * 2.0 + -1.0
x_2 = x * 2.0
return x * 2.0 * (x * 2.0 * x_2 - 1.0) - x_2
