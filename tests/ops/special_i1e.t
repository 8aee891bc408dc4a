x: f32[2, 3]
aten.special_i1e.default(x) : f32[2, 3]
---- mlx
a = abs(x)
b = divide(a, 3.75)
c = square(b)
d = multiply(c, 0.000320213028)
e = add(d, 0.00302770752)
f = multiply(e, c)
g = add(f, 0.0265724331)
h = multiply(g, c)
i = add(h, 0.15085764)
j = multiply(i, c)
k = add(j, 0.514986612)
l = multiply(k, c)
m = add(l, 0.878906116)
n = multiply(m, c)
o = add(n, 0.500000001)
p = sqrt(a)
q = divide(3.75, a)
r = multiply(q, -0.00317400315)
s = add(r, 0.0134879258)
t = multiply(s, q)
u = add(t, -0.0212344834)
v = multiply(u, q)
w = add(v, 0.0156458046)
y = multiply(w, q)
z = add(y, -0.00653426273)
a1 = multiply(z, q)
b1 = add(a1, 0.000529071876)
c1 = multiply(b1, q)
d1 = add(c1, -0.00345625121)
e1 = multiply(d1, q)
f1 = add(e1, -0.0398892181)
g1 = multiply(f1, q)
h1 = add(g1, 0.398942249)
i1 = divide(h1, p)
j1 = negative(a)
k1 = exp(j1)
l1 = multiply(o, k1)
m1 = multiply(l1, x)
n1 = sign(x)
o1 = multiply(i1, n1)
p1 = less(a, 3.75)
where(p1, m1, o1)
---- python
x_2 = mx.abs(x)
x_2_2 = mx.square(x_2 / 3.75)
x_2_2_2 = (x_2_2 * 0.000320213028 + 0.00302770752) * x_2_2 + 0.0265724331
x_2_2_2 = ((x_2_2_2 * x_2_2 + 0.15085764) * x_2_2 + 0.514986612) * x_2_2 + 0.878906116
x_2_3 = 3.75 / x_2
x_2_3_2 = (x_2_3 * -0.00317400315 + 0.0134879258) * x_2_3
x_2_3_2 = ((x_2_3_2 + -0.0212344834) * x_2_3 + 0.0156458046) * x_2_3 + -0.00653426273
x_2_3_2 = ((x_2_3_2 * x_2_3 + 0.000529071876) * x_2_3 + -0.00345625121) * x_2_3
x_2_3_2 = ((x_2_3_2 + -0.0398892181) * x_2_3 + 0.398942249) / mx.sqrt(x_2) * mx.sign(x)
where = mx.where(x_2 < 3.75, (x_2_2_2 * x_2_2 + 0.500000001) * mx.exp(-x_2) * x, x_2_3_2)
return where
