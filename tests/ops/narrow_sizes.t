symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.sub(n, 1) : int(s0 - 1)
aten.narrow.default(x, 0, 1, m) : f32[s0 - 1, 3]
