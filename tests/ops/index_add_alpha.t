x: f32[4, 3]
i: i64[2]
y: f32[4, 2]
aten.index_add.default(x, 1, i, y, alpha=2) : f32[4, 3]
---- mlx
a = multiply(y, 2)
scatter_add(x, a, [i], axes=[1])
---- python
return x.at[:, i].add(y * 2)
