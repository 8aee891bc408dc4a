# pass: identities dce
x: f32[2, 3]
h: f16[2, 3]
a = equal(x, 0)
b = not_equal(x, 0)
c = where(b, -100.0, x)
d = where(a, 0.0, c)
e = not_equal(x, 1)
f = where(e, -100.0, x)
g = where(a, 0.0, f)
i = where(b, -100.0, h)
j = where(a, 0.0, i)
return d, g, j
---- after
x: f32[2, 3]
h: f16[2, 3]
a = equal(x, 0)
b = not_equal(x, 0)
d = where(a, 0.0, -100.0)
e = not_equal(x, 1)
f = where(e, -100.0, x)
g = where(a, 0.0, f)
i = where(b, -100.0, h)
j = where(a, 0.0, i)
return d, g, j
