x: f32[2, 6, 4, 4]
aten.channel_shuffle.default(x, 3) : f32[2, 6, 4, 4]
---- mlx
a = int_floordiv(a=6, b=3)
b = reshape(x, shape=[2, 3, 2, 4, 4])
c = transpose(b, axes=[0, 2, 1, 3, 4])
reshape(c, shape=[2, 6, 4, 4])
---- python
return x.reshape(2, 3, 2, 4, 4).transpose(0, 2, 1, 3, 4).reshape(2, 6, 4, 4)
