symbol s0: 2..64
x: f32[s0, 5, 4]
a = aten.sin.default(x) : f32[s0, 5, 4]
n = aten.sym_size.int(a, 0) : int(s0)
b = aten.narrow.default(a, 1, 1, 2) : f32[s0, 2, 4]
c = aten.flatten.using_ints(b, 0, 1) : f32[2*s0, 4]
d = aten.slice.Tensor(a, 0, 1, n) : f32[s0 - 1, 5, 4]
e = aten.mul_.Tensor(d, 2) : f32[s0 - 1, 5, 4]
return a
---- functional
a = aten.sin.default(x) : f32[s0, 5, 4]
b = aten.sym_size.int(a, 0) : int(s0)
c = aten.narrow.default(a, 1, 1, 2) : f32[s0, 2, 4]
d = aten.flatten.using_ints(c, 0, 1) : f32[2*s0, 4]
e = aten.slice.Tensor(a, 0, 1, b) : f32[s0 - 1, 5, 4]
f = aten.mul.Tensor(e, 2) : f32[s0 - 1, 5, 4]
aten.slice_scatter.default(a, f, 0, 1, b) : f32[s0, 5, 4]
---- mlx
a = sin(x)
b = shape(a, axis=0)
c = slice(a, axis=0, start=1, stop=b)
d = multiply(c, 2)
index_update(a, d, items=[[1, b, None]])
---- python
B = x.shape[0]
x = mx.sin(x)
x[1:B] = x[1:B] * 2
return x
