x: f32[4]
n: f32[4]
aten.special_shifted_chebyshev_polynomial_u.default(x, n) : f32[4]
---- mlx
a = multiply(x, 2)
b = subtract(a, 1)
c = floor(n)
d = ceil(n)
e = less(n, 0)
f = where(e, d, c)
g = abs(b)
h = less(g, 1)
i = arccosh(g)
j = arccos(g)
k = where(h, j, i)
l = remainder(f, 2)
m = multiply(l, 2)
o = subtract(1, m)
p = add(f, 1.0)
q = sinh(k)
r = sin(k)
s = where(h, r, q)
t = add(f, 1.0)
u = multiply(t, k)
v = sinh(u)
w = sin(u)
y = where(h, w, v)
z = divide(y, s)
a1 = equal(k, 0)
b1 = where(a1, p, z)
c1 = multiply(o, b1)
d1 = less(b, 0)
e1 = where(d1, c1, b1)
f1 = equal(f, 0)
g1 = where(f1, 1, e1)
h1 = less(f, 0)
where(h1, 0, g1)
---- python
x = x * 2 - 1
where = mx.where(n < 0, mx.ceil(n), mx.floor(n))
x_2 = mx.abs(x)
condition = x_2 < 1
where_2 = mx.where(condition, mx.arccos(x_2), mx.arccosh(x_2))
where_3 = (where + 1.0) * where_2
where_3 = mx.where(condition, mx.sin(where_3), mx.sinh(where_3))
where_3 = where_3 / mx.where(condition, mx.sin(where_2), mx.sinh(where_2))
where_2 = mx.where(where_2 == 0, where + 1.0, where_3)
where_3 = (1 - where % 2 * 2) * where_2
return mx.where(where < 0, 0, mx.where(where == 0, 1, mx.where(x < 0, where_3, where_2)))
