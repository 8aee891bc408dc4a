z: c64[2, 3]
aten.sgn.default(z) : c64[2, 3]
---- mlx
a = abs(z)
b = divide(z, a)
c = equal(a, 0)
where(c, z, b)
---- python
abs_ = mx.abs(z)
return mx.where(abs_ == 0, z, z / abs_)
