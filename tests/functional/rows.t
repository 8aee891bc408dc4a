x: f32[2, 3]
a = aten.sin.default(x) : f32[2, 3]
b, c = aten.unbind.int(a) : f32[3], f32[3]
d = aten.copy_.default(c, b) : f32[3]
return a
---- functional
a = aten.sin.default(x) : f32[2, 3]
b, c = aten.unbind.int(a) : f32[3], f32[3]
d = aten.copy.default(c, b) : f32[3]
aten.select_scatter.default(a, d, 0, 1) : f32[2, 3]
---- mlx
a = sin(x)
b = select(a, axis=0, index=0)
c = select(a, axis=0, index=1)
index_update(a, b, items=[1])
---- python
x = mx.sin(x)
x[1] = x[0]
return x
