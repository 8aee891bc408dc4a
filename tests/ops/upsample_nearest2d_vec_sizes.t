symbol s0: 1..64
symbol s1: 1..64
x: f32[2, 4, s0, s1]
aten.upsample_nearest2d.vec(x, None, [2.0, 2.0]) : f32[2, 4, 2*s0, 2*s1]
---- mlx
a = shape(x, axis=2)
b = int_mul(a=a, b=2)
c = shape(x, axis=3)
d = int_mul(a=c, b=2)
e = transpose(x, axes=[0, 2, 3, 1])
f = shape(e, axis=1)
g = repeat(e, repeats=2, axis=1)
h = shape(g, axis=2)
i = repeat(g, repeats=2, axis=2)
transpose(i, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
return mx.repeat(mx.repeat(x, 2, axis=1), 2, axis=2).transpose(0, 3, 1, 2)
