symbol s0: 2..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
m = sym.eq(n, 8) : bool
return x, m
---- error
graph: the text of the graph reads back as another:
symbol s0: 2..64
x: f32[s0, 3]
shape = shape(x, axis=0) : int(s0)
number_eq = number_eq(a=shape, b=8) : bool
return x, number_eq

