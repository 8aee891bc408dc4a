# pass: drop_leading_axes dce
x: f32[3]
y: f32[2, 4, 3]
a = expand_dims(x, axis=0)
b = expand_dims(a, axis=0)
c = add(y, b)
d = multiply(b, b)
return c, d
---- after
x: f32[3]
y: f32[2, 4, 3]
a = expand_dims(x, axis=0)
b = expand_dims(a, axis=0)
c = add(y, x)
d = multiply(x, b)
return c, d
