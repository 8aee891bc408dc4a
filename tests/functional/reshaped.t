x: f32[2, 6]
a = aten.sin.default(x) : f32[2, 6]
b = aten.view.default(a, [2, 3, 2]) : f32[2, 3, 2]
c = aten.unsqueeze.default(b, 0) : f32[1, 2, 3, 2]
d = aten.mul_.Tensor(c, 2) : f32[1, 2, 3, 2]
return a
