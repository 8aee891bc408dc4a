x: f32[4, 6]
a = aten.relu.default(x) : f32[4, 6]
b = aten.t.default(a) : f32[6, 4]
c = aten.slice.Tensor(b, 0, 2, 5) : f32[3, 4]
d = aten.select.int(c, 0, 1) : f32[4]
e = aten.add_.Tensor(d, 1) : f32[4]
return a
