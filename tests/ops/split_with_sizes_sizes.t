symbol s0: 2..64
x: f32[s0 + 3]
y: f32[s0]
n = aten.sym_size.int(y, 0) : int(s0)
a, b, d = aten.split_with_sizes.default(x, [1, n, 2]) : f32[1], f32[s0], f32[2]
return a, b, d
