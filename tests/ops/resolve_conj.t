z: c64[2, 3]
aten.resolve_conj.default(z) : c64[2, 3]
---- mlx
return z
---- python
return z
