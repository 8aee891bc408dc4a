x: f32[4]
aten.special_laguerre_polynomial_l.n_scalar(x, 3) : f32[4]
---- mlx
a = multiply(x, -1.0)
b = add(a, 1.0)
c = multiply(x, -1.0)
d = add(c, 3.0)
e = multiply(d, b)
f = subtract(e, 1.0)
g = multiply(f, 0.5)
h = multiply(x, -1.0)
i = add(h, 5.0)
j = multiply(i, g)
k = multiply(b, 2.0)
l = subtract(j, k)
multiply(l, 0.3333333333333333)
---- python
x_2 = x * -1.0 + 1.0
x_3 = (x * -1.0 + 3.0) * x_2
return ((x * -1.0 + 5.0) * ((x_3 - 1.0) * 0.5) - x_2 * 2.0) * 0.3333333333333333
