symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.truediv(n, 2) : float
aten.mul.Tensor(x, m) : f32[s0, 3]
---- mlx
a = shape(x, axis=0)
b = float_div(a=a, b=2)
multiply(x, b)
---- python
B = x.shape[0]
return x * (B / 2)
