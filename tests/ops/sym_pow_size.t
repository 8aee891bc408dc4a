symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.pow(n, 2) : int(s0**2)
aten.zeros.default([m]) : f32[s0**2]
---- mlx
a = shape(x, axis=0)
b = int_mul(a=a, b=a)
full(shape=[b], value=0, dtype=f32)
---- python
B = x.shape[0]
return mx.zeros((B * B,), dtype=mx.float32)
