symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
f = sym.float(n) : float
m = sym.add(f, 0.5) : float
aten.add.Tensor(x, m) : f32[s0, 3]
---- error
graph: the text of the graph reads back as another:
symbol s0: 2..64
x: f32[s0, 3]
shape = shape(x, axis=0) : int(s0)
float_of = float_of(a=shape) : float
float_add = float_add(a=float_of, b=0.5) : float
add = add(x, float_add) : f32[s0, 3]
return add

