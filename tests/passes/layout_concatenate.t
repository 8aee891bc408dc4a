# pass: layout
x: f32[2, 4, 4, 8]
y: f32[2, 4, 4, 6]
a = transpose(x, axes=(0, 3, 1, 2))
b = transpose(y, axes=(0, 3, 1, 2))
c = concatenate([a, b], axis=1)
d = softmax(c, axis=1)
e = transpose(d, axes=(0, 2, 3, 1))
return e
---- after
x: f32[2, 4, 4, 8]
y: f32[2, 4, 4, 6]
c = concatenate([x, y], axis=3)
d = softmax(c, axis=3)
return d
