symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.ne(n, 8) : bool
return x, m
---- mlx
a = shape(x, axis=0)
b = number_ne(a=a, b=8)
return x, b
---- python
B = x.shape[0]
return x, B != 8
