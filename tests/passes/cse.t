x: f32[2, 3]
a = exp(x)
b = exp(x)
c = add(a, b)
return c
---- after
x: f32[2, 3]
a = exp(x)
c = add(a, a)
return c
