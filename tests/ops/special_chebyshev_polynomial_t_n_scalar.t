x: f32[4]
aten.special_chebyshev_polynomial_t.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 2.0)
b = multiply(a, x)
c = subtract(b, 1.0)
d = multiply(x, 2.0)
e = multiply(d, c)
subtract(e, x)
---- python
return x * 2.0 * (x * 2.0 * x - 1.0) - x
