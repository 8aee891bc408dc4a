x: f32[2, 3]
y: f32[2, 3]
aten.nextafter.default(x, y) : f32[2, 3]
---- mlx
a = greater(x, 0)
b = greater(y, x)
c = equal(b, a)
d = where(c, 1, -1)
e = bits(x, dtype=i32)
f = add(e, d)
g = greater(y, 0)
h = where(g, 1, -2147483647)
i = equal(x, 0)
j = where(i, h, f)
k = bits(j, dtype=f32)
l = equal(x, y)
m = where(l, y, k)
n = isnan(y)
o = isnan(x)
p = logical_or(o, n)
q = add(x, y)
where(p, q, m)
---- python
add = x.view(mx.int32) + mx.where((y > x) == (x > 0), 1, -1)
x_2 = mx.where(x == 0, mx.where(y > 0, 1, -2147483647), add).view(mx.float32)
return mx.where(mx.isnan(x) | mx.isnan(y), x + y, mx.where(x == y, y, x_2))
