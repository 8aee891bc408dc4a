symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1, 2, 4]
n = aten.sym_size.int(x, 0) : int(s0)
m = aten.sym_size.int(x, 1) : int(s1)
k = sym.mul(n, m) : int(s0*s1)
aten.view.default(x, [k, 8]) : f32[s0*s1, 8]
---- mlx
a = shape(x, axis=0)
b = shape(x, axis=1)
c = int_mul(a=a, b=b)
reshape(x, shape=[c, 8])
---- python
return x.reshape(-1, 8)
