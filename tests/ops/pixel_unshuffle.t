x: f32[2, 3, 8, 10]
aten.pixel_unshuffle.default(x, 2) : f32[2, 12, 4, 5]
---- mlx
a = int_floordiv(a=10, b=2)
b = int_floordiv(a=8, b=2)
c = reshape(x, shape=[2, 3, 4, 2, 5, 2])
d = transpose(c, axes=[0, 1, 3, 5, 2, 4])
reshape(d, shape=[2, 12, 4, 5])
---- python
return x.reshape(2, 3, 4, 2, 5, 2).transpose(0, 1, 3, 5, 2, 4).reshape(2, 12, 4, 5)
