z: c64[2, 3]
aten.fft_ifft.default(z) : c64[2, 3]
---- mlx
ifft(z, axes=[1])
---- python
return mx.fft.ifft(z, axis=1)
