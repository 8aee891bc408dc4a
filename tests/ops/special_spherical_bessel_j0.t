x: f32[2, 3]
aten.special_spherical_bessel_j0.default(x) : f32[2, 3]
---- mlx
a = square(x)
b = multiply(a, 2.7557319223985893e-06)
c = add(b, -0.0001984126984126984)
d = multiply(c, a)
e = add(d, 0.008333333333333333)
f = multiply(e, a)
g = add(f, -0.16666666666666666)
h = multiply(g, a)
i = add(h, 1.0)
j = sin(x)
k = divide(j, x)
l = abs(x)
m = less(l, 0.5)
n = where(m, i, k)
o = isinf(x)
where(o, 0, n)
---- python
x_2 = mx.square(x)
x_2_2 = x_2 * 2.7557319223985893e-06 + -0.0001984126984126984
x_2_2 = ((x_2_2 * x_2 + 0.008333333333333333) * x_2 + -0.16666666666666666) * x_2
return mx.where(mx.isinf(x), 0, mx.where(mx.abs(x) < 0.5, x_2_2 + 1.0, mx.sin(x) / x))
