symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.sub(n, 1) : int(s0 - 1)
aten.narrow.default(x, 0, 1, m) : f32[s0 - 1, 3]
---- mlx
a = shape(x, axis=0)
b = int_sub(a=a, b=1)
c = int_add(a=1, b=b)
slice(x, axis=0, start=1, stop=c)
---- python
B = x.shape[0]
return x[1:B]
