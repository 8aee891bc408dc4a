symbol s0: 8..512
x: f32[2, s0]
aten.unfold.default(x, -1, 4, 2) : f32[2, (s0 - 4)//2 + 1, 4]
---- mlx
a = shape(x, axis=1)
b = shape(x, axis=1)
c = int_sub(a=a, b=4)
d = int_floordiv(a=c, b=2)
e = int_add(a=d, b=1)
as_strided(x, shape=[2, e, 4], strides=[b, 2, 1])
---- python
L = x.shape[1]
return mx.as_strided(x, (2, L // 2 - 1, 4), (L, 2, 1))
