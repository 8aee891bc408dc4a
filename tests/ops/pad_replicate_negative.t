x: f32[2, 3, 4]
aten.pad.default(x, [-1, 2], "replicate") : f32[2, 3, 5]
---- mlx
a = arange(start=1, stop=6, dtype=i32)
b = maximum(a, 0)
c = minimum(b, 3)
take(x, c, axis=2)
---- python
arange = mx.arange(1, 6)
return mx.take(x, mx.minimum(mx.maximum(arange, 0), 3), axis=2)
