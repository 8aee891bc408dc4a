z: c64[2, 3]
aten.angle.default(z) : f32[2, 3]
---- mlx
a = real(z)
b = imag(z)
arctan2(b, a)
---- python
return mx.arctan2(mx.imag(z), mx.real(z))
