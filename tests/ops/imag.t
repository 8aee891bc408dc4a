z: c64[2, 3]
aten.imag.default(z) : f32[2, 3]
---- mlx
imag(z)
---- python
return mx.imag(z)
