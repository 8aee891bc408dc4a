x: f32[2, 3, 4]
aten.flip.default(x, [0]) : f32[2, 3, 4]
---- mlx
a = arange(start=1, stop=-1, step=-1, dtype=i32)
take(x, a, axis=0)
---- python
return mx.take(x, mx.arange(1, -1, -1), axis=0)
