# pass: layout
x: f32[2, 4, 5, 8]
a = transpose(x, axes=(0, 3, 1, 2))
b = pad(a, widths=((0, 0), (0, 0), (1, 2), (3, 4)), value=0.0) : f32[2, 8, 7, 12]
c = transpose(b, axes=(0, 2, 3, 1))
return c
---- after
x: f32[2, 4, 5, 8]
b = pad(x, widths=((0, 0), (1, 2), (3, 4), (0, 0)), value=0.0) : f32[2, 7, 12, 8]
return b
