x: f32[2, 12, 4, 5]
aten.pixel_shuffle.default(x, 2) : f32[2, 3, 8, 10]
---- mlx
a = int_floordiv(a=12, b=4)
b = reshape(x, shape=[2, 3, 2, 2, 4, 5])
c = transpose(b, axes=[0, 1, 4, 2, 5, 3])
reshape(c, shape=[2, 3, 8, 10])
---- python
return x.reshape(2, 3, 2, 2, 4, 5).transpose(0, 1, 4, 2, 5, 3).reshape(2, 3, 8, 10)
