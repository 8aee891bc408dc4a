symbol s0: 1..64
x: f32[s0]
n = aten.sym_size.int(x, 0) : int(s0)
aten.full.default([2], n) : bool[2]
---- error
node 1 'result': aten.full.default: filling bool with a number that is not constant
