z: c64[2, 3]
aten.conj.default(z) : c64[2, 3]
---- mlx
conj(z)
---- python
return mx.conj(z)
