symbol s0: 2..64
x: f32[s0, 5, 4]
a = aten.sin.default(x) : f32[s0, 5, 4]
n = aten.sym_size.int(a, 0) : int(s0)
b = aten.narrow.default(a, 1, 1, 2) : f32[s0, 2, 4]
c = aten.flatten.using_ints(b, 0, 1) : f32[2*s0, 4]
d = aten.slice.Tensor(a, 0, 1, n) : f32[s0 - 1, 5, 4]
e = aten.mul_.Tensor(d, 2) : f32[s0 - 1, 5, 4]
return a
