x: f32[2, 6]
a = aten.sin.default(x) : f32[2, 6]
b, c, d = aten.split.Tensor(a, 2, 1) : f32[2, 2], f32[2, 2], f32[2, 2]
e = aten.add_.Tensor(c, b) : f32[2, 2]
f = aten.mul_.Tensor(d, c) : f32[2, 2]
return a
return d
---- functional
a = aten.sin.default(x) : f32[2, 6]
b, c, d = aten.split.Tensor(a, 2, 1) : f32[2, 2], f32[2, 2], f32[2, 2]
e = aten.add.Tensor(c, b) : f32[2, 2]
f = aten.slice_scatter.default(a, e, 1, 2, 4) : f32[2, 6]
g, h, i = aten.split.Tensor(f, 2, 1) : f32[2, 2], f32[2, 2], f32[2, 2]
j = aten.mul.Tensor(i, h) : f32[2, 2]
k = aten.slice_scatter.default(f, j, 1, 4, 9223372036854775807) : f32[2, 6]
return k, j
---- mlx
a = sin(x)
b, c, d = split(a, indices=[2, 4], axis=1)
e = add(c, b)
f = index_update(a, e, items=[":", [2, 4, None]])
g, h, i = split(f, indices=[2, 4], axis=1)
j = multiply(i, h)
k = index_update(f, j, items=[":", [4, None, None]])
return k, j
---- python
x = mx.sin(x)
x_2, split, _ = mx.split(x, (2, 4), axis=1)
x[:, 2:4] = split + x_2
_, split, split_2 = mx.split(x, (2, 4), axis=1)
update = split_2 * split
x[:, 4:] = update
return x, update
