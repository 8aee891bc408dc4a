# Of the other axes only what the indices cover is read.
x: f32[4, 3]
i: i64[2, 5]
aten.gather.default(x, 1, i) : f32[2, 5]
---- mlx
a = slice(x, axis=0, start=0, stop=2)
take_along_axis(a, i, axis=1)
---- python
return mx.take_along_axis(x[:2], i, axis=1)
