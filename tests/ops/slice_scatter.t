x: f32[2, 5]
y: f32[2, 2]
aten.slice_scatter.default(x, y, 1, 1, 3) : f32[2, 5]
---- mlx
index_update(x, y, items=[":", [1, 3, None]])
---- python
x = mx.array(x)
x[:, 1:3] = y
return x
