symbol s0: 2..64
x: f32[2, s0]
n = aten.sym_size.int(x, 1) : int(s0)
h = sym.floordiv(n, 2) : int(s0//2)
aten.roll.default(x, [h], [1]) : f32[2, s0]
---- mlx
a = shape(x, axis=1)
b = int_floordiv(a=a, b=2)
roll(x, shift=b, axis=1)
---- python
L = x.shape[1]
return mx.roll(x, shift=L // 2, axis=1)
