symbol s0: 4..64
x: f32[2, s0]
n = aten.sym_size.int(x, 1) : int(s0)
m = sym.mod(n, 3) : int(s0%3)
aten.pad.default(x, [2, m], "replicate") : f32[2, s0 + s0%3 + 2]
---- mlx
a = shape(x, axis=1)
b = int_mod(a=a, b=3)
c = shape(x, axis=1)
d = int_add(a=c, b=b)
e = arange(start=-2, stop=d, dtype=i32)
f = int_sub(a=c, b=1)
g = maximum(e, 0)
h = minimum(g, f)
take(x, h, axis=1)
---- python
L = x.shape[1]
arange = mx.arange(-2, L % 3 + L)
return mx.take(x, mx.minimum(mx.maximum(arange, 0), L - 1), axis=1)
