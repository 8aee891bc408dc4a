z: c64[2, 3]
aten.real.default(z) : f32[2, 3]
---- mlx
real(z)
---- python
return mx.real(z)
