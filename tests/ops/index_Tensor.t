x: f32[2, 3]
i: i64[4]
aten.index.Tensor(x, [i]) : f32[4, 3]
---- mlx
take(x, i, axis=0)
---- python
return mx.take(x, i, axis=0)
