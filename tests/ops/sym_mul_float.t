symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
f = sym.float(n) : float
m = sym.mul(f, 0.5) : float
aten.add.Tensor(x, m) : f32[s0, 3]
---- mlx
a = shape(x, axis=0)
b = float_of(a=a)
c = float_mul(a=b, b=0.5)
add(x, c)
---- python
B = x.shape[0]
return x + float(B) * 0.5
