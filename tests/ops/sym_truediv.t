symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.truediv(n, 2) : float
aten.mul.Tensor(x, m) : f32[s0, 3]
---- error
graph: the text of the graph reads back as another:
symbol s0: 2..64
x: f32[s0, 3]
shape = shape(x, axis=0) : int(s0)
float_div = float_div(a=shape, b=2) : float
multiply = multiply(x, float_div) : f32[s0, 3]
return multiply

