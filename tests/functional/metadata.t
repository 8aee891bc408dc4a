# unsqueeze_ and detach_ change no element.
x: f32[2, 3]
a = aten.sin.default(x) : f32[2, 3]
b = aten.unsqueeze_.default(a, 0) : f32[1, 2, 3]
c = aten.detach_.default(b) : f32[1, 2, 3]
d = aten.add_.Tensor(c, 1) : f32[1, 2, 3]
return a
