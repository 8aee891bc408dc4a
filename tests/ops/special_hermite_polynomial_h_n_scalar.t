x: f32[4]
aten.special_hermite_polynomial_h.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, 2.0)
b = multiply(x, 2.0)
c = multiply(b, a)
d = subtract(c, 2.0)
e = multiply(x, 2.0)
f = multiply(e, d)
g = multiply(a, 4.0)
subtract(f, g)
---- python
x_2 = x * 2.0
return x * 2.0 * (x * 2.0 * x_2 - 2.0) - x_2 * 4.0
