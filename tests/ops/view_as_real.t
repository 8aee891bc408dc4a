z: c64[2, 3]
aten.view_as_real.default(z) : f32[2, 3, 2]
---- mlx
a = real(z)
b = imag(z)
stack([a, b], axis=2)
---- python
return mx.stack([mx.real(z), mx.imag(z)], axis=2)
