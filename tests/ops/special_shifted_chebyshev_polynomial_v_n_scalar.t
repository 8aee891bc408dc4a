x: f32[4]
aten.special_shifted_chebyshev_polynomial_v.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 2.0)
b = add(a, -1.0)
c = multiply(b, 2.0)
d = add(c, -1.0)
e = multiply(b, 2.0)
f = multiply(e, d)
g = subtract(f, 1.0)
h = multiply(b, 2.0)
i = multiply(h, g)
subtract(i, d)
---- python
x = x * 2.0 + -1.0
x_2 = x * 2.0 + -1.0
return x * 2.0 * (x * 2.0 * x_2 - 1.0) - x_2
