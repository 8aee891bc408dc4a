# x[:, 1:, 0] = y is one assignment to a copy.
x: f32[2, 5, 3]
y: f32[4]
a = aten.clone.default(x) : f32[2, 5, 3]
b = aten.slice.Tensor(a, 1, 1, 9223372036854775807) : f32[2, 4, 3]
c = aten.select.int(b, 2, 0) : f32[2, 4]
d = aten.copy_.default(c, y) : f32[2, 4]
return a
---- functional
a = aten.clone.default(x) : f32[2, 5, 3]
b = aten.slice.Tensor(a, 1, 1, 9223372036854775807) : f32[2, 4, 3]
c = aten.select.int(b, 2, 0) : f32[2, 4]
d = aten.copy.default(c, y) : f32[2, 4]
e = aten.select_scatter.default(b, d, 2, 0) : f32[2, 4, 3]
aten.slice_scatter.default(a, e, 1, 1, 9223372036854775807) : f32[2, 5, 3]
---- mlx
a = slice(x, axis=1, start=1)
b = select(a, axis=2, index=0)
c = broadcast_to(y, shape=[2, 4])
d = index_update(a, c, items=[":", ":", 0])
index_update(x, d, items=[":", [1, None, None]])
---- python
update = x[:, 1:]
update[..., 0] = mx.broadcast_to(y, shape=(2, 4))
x = mx.array(x)
x[:, 1:] = update
return x
