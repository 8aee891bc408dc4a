symbol s0: 1..64
x: f32[s0, 3]
aten.sym_size.int(x, -1) : int(3)
---- mlx
return 3
---- python
return 3
