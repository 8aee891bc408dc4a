x: f32[2, 10]
aten.unfold.default(x, 1, 4, 2) : f32[2, 4, 4]
---- mlx
a = int_floordiv(a=6, b=2)
as_strided(x, shape=[2, 4, 4], strides=[10, 2, 1])
---- python
return mx.as_strided(x, (2, 4, 4), (10, 2, 1))
