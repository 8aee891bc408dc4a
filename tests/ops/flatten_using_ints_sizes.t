symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1, 4]
aten.flatten.using_ints(x, 0, 1) : f32[s0*s1, 4]
---- mlx
a = shape(x, axis=0)
b = shape(x, axis=1)
c = int_mul(a=a, b=b)
reshape(x, shape=[c, 4])
---- python
return x.reshape(-1, 4)
