x: f32[2, 3]
y: f32[2, 3]
aten.hypot.default(x, y) : f32[2, 3]
---- mlx
a = abs(x)
b = abs(y)
c = maximum(a, b)
d = minimum(a, b)
e = divide(d, c)
f = square(e)
g = add(f, 1)
h = sqrt(g)
i = multiply(c, h)
j = isinf(b)
k = isinf(a)
l = logical_or(k, j)
m = equal(c, 0)
n = where(m, c, i)
where(l, inf, n)
---- python
x = mx.abs(x)
y = mx.abs(y)
x_2 = mx.maximum(x, y)
x_3 = mx.sqrt(mx.square(mx.minimum(x, y) / x_2) + 1)
return mx.where(mx.isinf(x) | mx.isinf(y), mx.inf, mx.where(x_2 == 0, x_2, x_2 * x_3))
