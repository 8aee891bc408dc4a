symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.min(n, 8) : int(Min(8, s0))
aten.zeros.default([m]) : f32[Min(8, s0)]
---- mlx
a = shape(x, axis=0)
b = int_min(a=a, b=8)
full(shape=[b], value=0, dtype=f32) : f32[min(8, s0)]
---- python
B = x.shape[0]
return mx.zeros((min(B, 8),), dtype=mx.float32)
