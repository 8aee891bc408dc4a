x: f32[2, 3, 4]
aten.msort.default(x) : f32[2, 3, 4]
---- mlx
a = argsort(x, axis=0)
take_along_axis(x, a, axis=0)
---- python
return mx.take_along_axis(x, mx.argsort(x, axis=0), axis=0)
