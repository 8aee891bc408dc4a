symbol s0: 1..64
x: f32[s0, 3]
aten.sym_size.int(x, 0) : int(s0)
---- mlx
shape(x, axis=0)
---- python
B = x.shape[0]
return B
