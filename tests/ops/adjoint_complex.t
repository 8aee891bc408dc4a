x: c64[2, 3]
aten.adjoint.default(x) : c64[3, 2]
---- mlx
a = transpose(x, axes=[1, 0])
conj(a)
---- python
return mx.conj(x.transpose(1, 0))
