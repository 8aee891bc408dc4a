symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, s1]
n = aten.sym_size.int(x, 0) : int(s0)
m = aten.sym_size.int(x, 1) : int(s1)
k = sym.add(n, m) : int(s0 + s1)
aten.arange.start_step(n, k) : i64[s1]
---- mlx
a = shape(x, axis=0)
b = shape(x, axis=1)
c = int_add(a=a, b=b)
arange(start=a, stop=c, dtype=i64)
---- python
B, L = x.shape
return mx.arange(B, B + L, dtype=mx.int64)
