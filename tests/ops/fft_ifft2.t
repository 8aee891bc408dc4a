z: c64[2, 3]
aten.fft_ifft2.default(z) : c64[2, 3]
---- mlx
ifftn(z, axes=[0, 1])
---- python
return mx.fft.ifftn(z, axes=(0, 1))
