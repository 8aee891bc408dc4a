# A size is a number like any other.
symbol s0: 1..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
aten.add.Tensor(x, n) : f32[s0, 3]
---- mlx
a = shape(x, axis=0)
add(x, a)
---- python
B = x.shape[0]
return x + B
