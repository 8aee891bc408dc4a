x: c64[2, 3]
aten.adjoint.default(x) : c64[3, 2]
