x: f32[4]
aten.special_chebyshev_polynomial_v.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 2.0)
b = add(a, -1.0)
c = multiply(x, 2.0)
d = multiply(c, b)
e = subtract(d, 1.0)
f = multiply(x, 2.0)
g = multiply(f, e)
subtract(g, b)
---- python
x_2 = x * 2.0 + -1.0
return x * 2.0 * (x * 2.0 * x_2 - 1.0) - x_2
