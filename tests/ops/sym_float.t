symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
f = sym.float(n) : float
aten.add.Tensor(x, f) : f32[s0, 3]
---- mlx
a = shape(x, axis=0)
b = float_of(a=a)
add(x, b)
---- python
B = x.shape[0]
return x + float(B)
