# x[:, 1:, 0] = y is one assignment to a copy.
x: f32[2, 5, 3]
y: f32[4]
a = aten.clone.default(x) : f32[2, 5, 3]
b = aten.slice.Tensor(a, 1, 1, 9223372036854775807) : f32[2, 4, 3]
c = aten.select.int(b, 2, 0) : f32[2, 4]
d = aten.copy_.default(c, y) : f32[2, 4]
return a
