symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
aten.sym_constrain_range.default(n, min=2)
return x
---- mlx
return x
---- python
return x
