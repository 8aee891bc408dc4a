symbol s0: 2..64
x: f32[s0, 3]
a, b = aten.chunk.default(x, 2) : f32[floordiv(s0 + 1, 2), 3], f32[s0 - floordiv(s0 + 1, 2), 3]
return a, b
---- mlx
a = shape(x, axis=0)
b = int_add(a=a, b=1)
c = int_floordiv(a=b, b=2)
d, e = split(x, indices=[c], axis=0)
return d, e
---- python
B = x.shape[0]
x, split = mx.split(x, ((B + 1) // 2,), axis=0)
return x, split
