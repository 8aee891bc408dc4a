# pass: layout
x: f32[1, 4, 8, 8]
a = transpose(x, axes=(0, 2, 3, 1))
b = sigmoid(a)
c = transpose(b, axes=(0, 3, 1, 2))
return c
---- after
x: f32[1, 4, 8, 8]
c = sigmoid(x)
return c
