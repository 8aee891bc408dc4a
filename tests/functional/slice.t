# A write to a view is a write to what it views; other views of it are derived anew.
x: f32[4, 6]
a = aten.clone.default(x) : f32[4, 6]
b = aten.slice.Tensor(a, 1, 1, 3) : f32[4, 2]
c = aten.select.int(a, 0, 0) : f32[6]
d = aten.mul_.Tensor(b, 2) : f32[4, 2]
e = aten.add.Tensor(c, 1) : f32[6]
return a
return e
---- functional
a = aten.clone.default(x) : f32[4, 6]
b = aten.slice.Tensor(a, 1, 1, 3) : f32[4, 2]
c = aten.select.int(a, 0, 0) : f32[6]
d = aten.mul.Tensor(b, 2) : f32[4, 2]
e = aten.slice_scatter.default(a, d, 1, 1, 3) : f32[4, 6]
f = aten.select.int(e, 0, 0) : f32[6]
g = aten.add.Tensor(f, 1) : f32[6]
return e, g
---- mlx
a = slice(x, axis=1, start=1, stop=3)
b = multiply(a, 2)
c = index_update(x, b, items=[":", [1, 3, None]])
d = select(c, axis=0, index=0)
e = add(d, 1)
return c, e
---- python
x = mx.array(x)
x[:, 1:3] = x[:, 1:3] * 2
return x, x[0] + 1
