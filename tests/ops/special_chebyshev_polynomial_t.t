x: f32[4]
n: f32[4]
aten.special_chebyshev_polynomial_t.default(x, n) : f32[4]
---- mlx
a = floor(n)
b = ceil(n)
c = less(n, 0)
d = where(c, b, a)
e = abs(x)
f = less(e, 1)
g = arccosh(e)
h = arccos(e)
i = where(f, h, g)
j = remainder(d, 2)
k = multiply(j, 2)
l = subtract(1, k)
m = multiply(d, i)
o = cosh(m)
p = cos(m)
q = where(f, p, o)
r = multiply(l, q)
s = less(x, 0)
t = where(s, r, q)
u = equal(d, 0)
v = where(u, 1, t)
w = less(d, 0)
where(w, 0, v)
---- python
where = mx.where(n < 0, mx.ceil(n), mx.floor(n))
x_2 = mx.abs(x)
condition = x_2 < 1
where_2 = where * mx.where(condition, mx.arccos(x_2), mx.arccosh(x_2))
where_2 = mx.where(condition, mx.cos(where_2), mx.cosh(where_2))
where_3 = (1 - where % 2 * 2) * where_2
return mx.where(where < 0, 0, mx.where(where == 0, 1, mx.where(x < 0, where_3, where_2)))
