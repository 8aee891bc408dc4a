x: f32[4, 3]
i: i64[2]
y: f32[2, 3]
aten.index_add.default(x, 0, i, y) : f32[4, 3]
---- mlx
scatter_add(x, y, [i], axes=[0])
---- python
return x.at[i].add(y)
