# pass: fuse_gelu dce
x: f32[2, 8]
y: f32[2, 8]
a = multiply(x, 0.5)
b = divide(x, 1.4142135623730951)
c = erf(b)
d = add(c, 1.0)
e = multiply(a, d)
f = multiply(y, 0.5)
g = power(y, 3.0)
h = multiply(g, 0.044715)
i = add(y, h)
j = multiply(i, 0.7978845608028654)
k = tanh(j)
l = add(k, 1.0)
m = multiply(f, l)
return e, m
---- after
x: f32[2, 8]
y: f32[2, 8]
e = gelu(x)
m = gelu_approx(y)
return e, m
