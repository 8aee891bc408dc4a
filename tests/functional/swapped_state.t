a: f32[3] = buffer "a"
b: f32[3] = buffer "b"
x: f32[3]
c = aten.clone.default(a) : f32[3]
d = aten.copy_.default(a, b) : f32[3]
e = aten.copy_.default(b, c) : f32[3]
f = aten.add.Tensor(x, a) : f32[3]
return f
