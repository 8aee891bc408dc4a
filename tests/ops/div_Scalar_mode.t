x: f32[2, 3]
aten.div.Scalar_mode(x, 2, rounding_mode="floor") : f32[2, 3]
---- mlx
a = abs(x)
b = remainder(a, 2)
c = subtract(a, b)
d = divide(c, 2)
e = round(d)
f = less(x, 0)
g = not_equal(b, 0)
h = add(e, g)
i = negative(h)
where(f, i, e)
---- python
x_2 = mx.abs(x)
x_2_2 = x_2 % 2
x_2 = mx.round((x_2 - x_2_2) / 2)
return mx.where(x < 0, -(x_2 + (x_2_2 != 0)), x_2)
