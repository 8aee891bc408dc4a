symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.max(n, 8) : int(Max(8, s0))
aten.zeros.default([m]) : f32[Max(8, s0)]
---- mlx
a = shape(x, axis=0)
b = int_max(a=a, b=8)
full(shape=[b], value=0, dtype=f32) : f32[max(8, s0)]
---- python
B = x.shape[0]
return mx.zeros((max(B, 8),), dtype=mx.float32)
