x: f32[2, 3]
i: i64[2, 5]
aten.gather.default(x, 1, i) : f32[2, 5]
---- mlx
take_along_axis(x, i, axis=1)
---- python
return mx.take_along_axis(x, i, axis=1)
