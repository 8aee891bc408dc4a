x: f32[2, 3]
aten.special_bessel_j0.default(x) : f32[2, 3]
---- mlx
a = abs(x)
b = divide(x, 3.0)
c = square(b)
d = multiply(c, 0.000212950098)
e = add(d, -0.00395447912)
f = multiply(e, c)
g = add(f, 0.0444609474)
h = multiply(g, c)
i = add(h, -0.316394552)
j = multiply(i, c)
k = add(j, 1.26562306)
l = multiply(k, c)
m = add(l, -2.24999988)
n = multiply(m, c)
o = add(n, 0.999999999)
p = subtract(a, 0.7853981633974483)
q = divide(3.0, a)
r = multiply(q, 0.000267345181)
s = add(r, -0.000717051595)
t = multiply(s, q)
u = add(t, -3.50364788e-05)
v = multiply(u, q)
w = add(v, 0.00235316676)
y = multiply(w, q)
z = add(y, 2.37723297e-05)
a1 = multiply(z, q)
b1 = add(a1, -0.0416689944)
c1 = multiply(b1, q)
d1 = add(c1, 3.10127054e-08)
e1 = add(p, d1)
f1 = sqrt(a)
g1 = divide(3.0, a)
h1 = multiply(g1, 0.000135756535)
i1 = add(h1, -0.000699148132)
j1 = multiply(i1, g1)
k1 = add(j1, 0.00133741647)
l1 = multiply(k1, g1)
m1 = add(l1, -7.56683792e-05)
n1 = multiply(m1, g1)
o1 = add(n1, -0.00553220821)
p1 = multiply(o1, g1)
q1 = add(p1, -3.65502136e-07)
r1 = multiply(q1, g1)
s1 = add(r1, 0.797884563)
t1 = divide(s1, f1)
u1 = cos(e1)
v1 = multiply(t1, u1)
w1 = less(a, 3.0)
where(w1, o, v1)
---- python
x_2 = mx.abs(x)
x = mx.square(x / 3.0)
x_3 = x * 0.000212950098
x_3 = (((x_3 + -0.00395447912) * x + 0.0444609474) * x + -0.316394552) * x + 1.26562306
x_2_2 = 3.0 / x_2
x_2_2_2 = ((x_2_2 * 0.000267345181 + -0.000717051595) * x_2_2 + -3.50364788e-05) * x_2_2
x_2_2_2 = ((x_2_2_2 + 0.00235316676) * x_2_2 + 2.37723297e-05) * x_2_2 + -0.0416689944
x_2_3 = 3.0 / x_2
x_2_3_2 = (x_2_3 * 0.000135756535 + -0.000699148132) * x_2_3 + 0.00133741647
x_2_3_2 = ((x_2_3_2 * x_2_3 + -7.56683792e-05) * x_2_3 + -0.00553220821) * x_2_3
x_2_2 = mx.cos(x_2 - 0.7853981633974483 + (x_2_2_2 * x_2_2 + 3.10127054e-08))
x_2_3_2 = ((x_2_3_2 + -3.65502136e-07) * x_2_3 + 0.797884563) / mx.sqrt(x_2) * x_2_2
where = mx.where(x_2 < 3.0, (x_3 * x + -2.24999988) * x + 0.999999999, x_2_3_2)
return where
