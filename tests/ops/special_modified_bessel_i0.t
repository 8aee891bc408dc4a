x: f32[2, 3]
aten.special_modified_bessel_i0.default(x) : f32[2, 3]
---- mlx
a = abs(x)
b = divide(a, 3.75)
c = square(b)
d = multiply(c, 0.00458521197)
e = add(d, 0.036075375)
f = multiply(e, c)
g = add(f, 0.265960311)
h = multiply(g, c)
i = add(h, 1.20676475)
j = multiply(i, c)
k = add(j, 3.08993665)
l = multiply(k, c)
m = add(l, 3.51562344)
n = multiply(m, c)
o = add(n, 1.00000001)
p = sqrt(a)
q = divide(3.75, a)
r = multiply(q, 0.00296435996)
s = add(r, -0.0124014395)
t = multiply(s, q)
u = add(t, 0.0192451336)
v = multiply(u, q)
w = add(v, -0.0140211481)
y = multiply(w, q)
z = add(y, 0.00574817024)
a1 = multiply(z, q)
b1 = add(a1, -0.000585018613)
c1 = multiply(b1, q)
d1 = add(c1, 0.00210808914)
e1 = multiply(d1, q)
f1 = add(e1, 0.0132938329)
g1 = multiply(f1, q)
h1 = add(g1, 0.398942306)
i1 = divide(h1, p)
j1 = exp(a)
k1 = multiply(i1, j1)
l1 = less(a, 3.75)
where(l1, o, k1)
---- python
x = mx.abs(x)
x_2 = mx.square(x / 3.75)
x_2_2 = x_2 * 0.00458521197 + 0.036075375
x_2_2 = ((x_2_2 * x_2 + 0.265960311) * x_2 + 1.20676475) * x_2 + 3.08993665
x_3 = 3.75 / x
x_3_2 = ((x_3 * 0.00296435996 + -0.0124014395) * x_3 + 0.0192451336) * x_3 + -0.0140211481
x_3_2 = ((x_3_2 * x_3 + 0.00574817024) * x_3 + -0.000585018613) * x_3 + 0.00210808914
x_3_2 = ((x_3_2 * x_3 + 0.0132938329) * x_3 + 0.398942306) / mx.sqrt(x) * mx.exp(x)
where = mx.where(x < 3.75, (x_2_2 * x_2 + 3.51562344) * x_2 + 1.00000001, x_3_2)
return where
