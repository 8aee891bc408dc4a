z: c64[2, 3]
aten._conj_physical.default(z) : c64[2, 3]
---- mlx
conj(z)
---- python
return mx.conj(z)
