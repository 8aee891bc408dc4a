symbol s0: 4..64
x: f32[2, s0]
n = aten.sym_size.int(x, 1) : int(s0)
m = sym.mod(n, 3) : int(s0%3)
aten.pad.default(x, [2, m], "reflect") : f32[2, s0 + s0%3 + 2]
---- mlx
a = shape(x, axis=1)
b = int_mod(a=a, b=3)
c = shape(x, axis=1)
d = int_add(a=c, b=b)
e = arange(start=-2, stop=d, dtype=i32)
f = int_sub(a=c, b=1)
g = abs(e)
h = subtract(f, g)
i = abs(h)
j = subtract(f, i)
take(x, j, axis=1)
---- python
L = x.shape[1]
arange = mx.arange(-2, L % 3 + L)
return mx.take(x, L - 1 - mx.abs(L - 1 - mx.abs(arange)), axis=1)
