z: c64[2, 3]
aten.sgn.default(z) : c64[2, 3]
