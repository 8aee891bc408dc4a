x: f32[4, 6]
a = aten.relu.default(x) : f32[4, 6]
b = aten.t.default(a) : f32[6, 4]
c = aten.slice.Tensor(b, 0, 2, 5) : f32[3, 4]
d = aten.select.int(c, 0, 1) : f32[4]
e = aten.add_.Tensor(d, 1) : f32[4]
return a
---- functional
a = aten.relu.default(x) : f32[4, 6]
b = aten.t.default(a) : f32[6, 4]
c = aten.slice.Tensor(b, 0, 2, 5) : f32[3, 4]
d = aten.select.int(c, 0, 1) : f32[4]
e = aten.add.Tensor(d, 1) : f32[4]
f = aten.select_scatter.default(c, e, 0, 1) : f32[3, 4]
g = aten.slice_scatter.default(b, f, 0, 2, 5) : f32[6, 4]
aten.permute.default(g, [1, 0]) : f32[4, 6]
---- mlx
a = relu(x)
b = transpose(a, axes=[1, 0])
c = slice(b, axis=0, start=2, stop=5)
d = select(c, axis=0, index=1)
e = add(d, 1)
f = index_update(c, e, items=[1])
g = index_update(b, f, items=[[2, 5, None]])
transpose(g, axes=[1, 0])
---- python
x = nn.relu(x).transpose(1, 0)
x_2 = x[2:5]
x_2[1] = x_2[1] + 1
x[2:5] = x_2
return x.transpose(1, 0)
