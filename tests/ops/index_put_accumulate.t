x: f32[4, 3]
i: i64[2]
y: f32[4, 2]
aten.index_put.default(x, [None, i], y, True) : f32[4, 3]
---- mlx
scatter_add(x, y, [i], axes=[1])
---- python
return x.at[:, i].add(y)
