x: f32[4]
aten.special_legendre_polynomial_p.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 3.0)
b = multiply(a, x)
c = subtract(b, 1.0)
d = multiply(c, 0.5)
e = multiply(x, 5.0)
f = multiply(e, d)
g = multiply(x, 2.0)
h = subtract(f, g)
multiply(h, 0.3333333333333333)
---- python
return (x * 5.0 * ((x * 3.0 * x - 1.0) * 0.5) - x * 2.0) * 0.3333333333333333
