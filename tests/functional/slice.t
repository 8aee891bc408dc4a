# A write to a view is a write to what it views; other views of it are derived anew.
x: f32[4, 6]
a = aten.clone.default(x) : f32[4, 6]
b = aten.slice.Tensor(a, 1, 1, 3) : f32[4, 2]
c = aten.select.int(a, 0, 0) : f32[6]
d = aten.mul_.Tensor(b, 2) : f32[4, 2]
e = aten.add.Tensor(c, 1) : f32[6]
return a
return e
