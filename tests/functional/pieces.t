x: f32[2, 6]
a = aten.sin.default(x) : f32[2, 6]
b, c, d = aten.split.Tensor(a, 2, 1) : f32[2, 2], f32[2, 2], f32[2, 2]
e = aten.add_.Tensor(c, b) : f32[2, 2]
f = aten.mul_.Tensor(d, c) : f32[2, 2]
return a
return d
