symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
f = sym.float(n) : float
m = sym.mul(f, 0.5) : float
aten.add.Tensor(x, m) : f32[s0, 3]
