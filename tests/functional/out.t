x: f32[3]
y: f32[3]
a = aten.zeros.default([2, 3]) : f32[2, 3]
b = aten.select.int(a, 0, 0) : f32[3]
c = aten.add.out(x, y, alpha=2, out=b) : f32[3]
return a
---- functional
a = aten.zeros.default([2, 3]) : f32[2, 3]
b = aten.select.int(a, 0, 0) : f32[3]
c = aten.add.Tensor(x, y, alpha=2) : f32[3]
aten.select_scatter.default(a, c, 0, 0) : f32[2, 3]
---- mlx
a = full(shape=[2, 3], value=0, dtype=f32)
b = multiply(y, 2)
c = add(x, b)
index_update(a, c, items=[0])
---- python
index_update = mx.zeros((2, 3), dtype=mx.float32)
index_update[0] = x + y * 2
return index_update
