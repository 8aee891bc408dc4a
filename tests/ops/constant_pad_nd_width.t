symbol s0: 2..64
x: f32[2, s0]
n = aten.sym_size.int(x, 1) : int(s0)
m = sym.mod(n, 8) : int(Mod(s0, 8))
p = sym.sub(8, m) : int(8 - Mod(s0, 8))
aten.constant_pad_nd.default(x, [0, p]) : f32[2, s0 + 8 - Mod(s0, 8)]
---- mlx
a = shape(x, axis=1)
b = int_mod(a=a, b=8)
c = int_sub(a=8, b=b)
pad(x, widths=[[0, 0], [0, c]], value=0)
---- python
L = x.shape[1]
x = mx.pad(x, ((0, 0), (0, -(L % 8) + 8)), constant_values=0)
return x
