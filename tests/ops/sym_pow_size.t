symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.pow(n, 2) : int(s0**2)
aten.zeros.default([m]) : f32[s0**2]
