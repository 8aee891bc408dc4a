x: f32[4, 3]
i: i64[2]
y: f32[2, 3]
aten.index_reduce.default(x, 0, i, y, "prod") : f32[4, 3]
---- mlx
scatter_multiply(x, y, [i], axes=[0])
---- python
return x.at[i].multiply(y)
