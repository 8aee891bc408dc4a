symbol s0: 2.. = 4
x: f32[2, 3, s0, 4]
aten.avg_pool2d.default(x, [64, 64], [64, 64], [0, 0], True) : f32[2, 3, floordiv(s0 - 1, 64) + 1, 1]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = shape(a, axis=1)
c = mean(a, axis=[1, 2], keepdims=True)
transpose(c, axes=[0, 3, 1, 2]) : f32[2, 3, floordiv(s0 + 63, 64), 1]
---- python
return mx.mean(x.transpose(0, 2, 3, 1), axis=(1, 2), keepdims=True).transpose(0, 3, 1, 2)
