symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
f = sym.float(n) : float
m = sym.pow(f, -0.5) : float
aten.mul.Tensor(x, m) : f32[s0, 3]
---- error
graph: the text of the graph reads back as another:
symbol s0: 2..64
x: f32[s0, 3]
shape = shape(x, axis=0) : int(s0)
float_of = float_of(a=shape) : float
float_pow = float_pow(a=float_of, b=-0.5) : float
multiply = multiply(x, float_pow) : f32[s0, 3]
return multiply

