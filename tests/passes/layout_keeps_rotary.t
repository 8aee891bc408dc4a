# pass: layout
# Taking the transpose through would need one for each product: it stays.
x: f32[2, 5, 4, 8]
cos: f32[2, 1, 5, 8]
sin: f32[2, 1, 5, 8]
q = transpose(x, axes=(0, 2, 1, 3))
a = multiply(q, cos)
b = slice(q, axis=3, start=0, stop=4, step=1)
c = slice(q, axis=3, start=4, stop=8, step=1)
d = negative(c)
e = concatenate([d, b], axis=3)
f = multiply(e, sin)
g = add(a, f)
return g
---- after
x: f32[2, 5, 4, 8]
cos: f32[2, 1, 5, 8]
sin: f32[2, 1, 5, 8]
q = transpose(x, axes=(0, 2, 1, 3))
a = multiply(q, cos)
b = slice(q, axis=3, start=0, stop=4, step=1)
c = slice(q, axis=3, start=4, stop=8, step=1)
d = negative(c)
e = concatenate([d, b], axis=3)
f = multiply(e, sin)
g = add(a, f)
return g
