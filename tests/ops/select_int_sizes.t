symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
k = sym.sub(n, 1) : int(s0 - 1)
aten.select.int(x, 0, k) : f32[3]
---- mlx
a = shape(x, axis=0)
b = int_sub(a=a, b=1)
select(x, axis=0, index=b)
---- python
B = x.shape[0]
return x[B - 1]
