symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
f = sym.float(n) : float
m = sym.neg(f) : float
aten.add.Tensor(x, m) : f32[s0, 3]
---- error
graph: the text of the graph reads back as another:
symbol s0: 2..64
x: f32[s0, 3]
shape = shape(x, axis=0) : int(s0)
float_of = float_of(a=shape) : float
float_neg = float_neg(a=float_of) : float
add = add(x, float_neg) : f32[s0, 3]
return add

