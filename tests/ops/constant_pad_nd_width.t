symbol s0: 2..64
x: f32[2, s0]
n = aten.sym_size.int(x, 1) : int(s0)
m = sym.mod(n, 8) : int(Mod(s0, 8))
p = sym.sub(8, m) : int(8 - Mod(s0, 8))
aten.constant_pad_nd.default(x, [0, p]) : f32[2, s0 + 8 - Mod(s0, 8)]
