x: f32[2, 3, 4]
i: i64[5]
aten.index.Tensor(x, [None, i]) : f32[2, 5, 4]
---- mlx
take(x, i, axis=1)
---- python
return mx.take(x, i, axis=1)
