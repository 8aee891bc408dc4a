x: f32[2, 3]
i: i64[4]
aten.index_select.default(x, 1, i) : f32[2, 4]
---- mlx
take(x, i, axis=1)
---- python
return mx.take(x, i, axis=1)
