symbol s0: 2..64
x: f32[2*s0, 3]
a, b = aten.chunk.default(x, 2) : f32[s0, 3], f32[s0, 3]
return a, b
---- mlx
a = shape(x, axis=0)
b = int_add(a=a, b=1)
c = int_floordiv(a=b, b=2)
d, e = split(x, indices=[c], axis=0)
return d, e
---- error
size 's0' is no size of any input
