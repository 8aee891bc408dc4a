x: f32[4]
aten.special_shifted_chebyshev_polynomial_t.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 2.0)
b = add(a, -1.0)
c = multiply(b, 2.0)
d = multiply(c, b)
e = subtract(d, 1.0)
f = multiply(b, 2.0)
g = multiply(f, e)
subtract(g, b)
---- python
x = x * 2.0 + -1.0
return x * 2.0 * (x * 2.0 * x - 1.0) - x
