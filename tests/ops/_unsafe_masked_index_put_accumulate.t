x: f32[4]
m: bool[2]
i: i64[2]
y: f32[2]
aten._unsafe_masked_index_put_accumulate.default(x, m, [i], y) : f32[4]
---- mlx
a = where(m, i, 0)
b = where(m, y, 0)
scatter_add(x, b, [a], axes=[0])
---- python
return x.at[mx.where(m, i, 0)].add(mx.where(m, y, 0))
