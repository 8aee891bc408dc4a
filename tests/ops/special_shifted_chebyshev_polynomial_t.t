x: f32[4]
n: f32[4]
aten.special_shifted_chebyshev_polynomial_t.default(x, n) : f32[4]
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
p = multiply(f, k)
q = cosh(p)
r = cos(p)
s = where(h, r, q)
t = multiply(o, s)
u = less(b, 0)
v = where(u, t, s)
w = equal(f, 0)
y = where(w, 1, v)
z = less(f, 0)
where(z, 0, y)
---- python
x = x * 2 - 1
where = mx.where(n < 0, mx.ceil(n), mx.floor(n))
x_2 = mx.abs(x)
condition = x_2 < 1
where_2 = where * mx.where(condition, mx.arccos(x_2), mx.arccosh(x_2))
where_2 = mx.where(condition, mx.cos(where_2), mx.cosh(where_2))
where_3 = (1 - where % 2 * 2) * where_2
return mx.where(where < 0, 0, mx.where(where == 0, 1, mx.where(x < 0, where_3, where_2)))
