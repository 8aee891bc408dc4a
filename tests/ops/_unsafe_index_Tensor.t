x: f32[4, 3]
i: i64[2]
aten._unsafe_index.Tensor(x, [i]) : f32[2, 3]
---- mlx
take(x, i, axis=0)
---- python
return mx.take(x, i, axis=0)
