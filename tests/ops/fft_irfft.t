z: c64[2, 3]
aten.fft_irfft.default(z, 4) : f32[2, 4]
---- mlx
irfft(z, n=[4], axes=[1])
---- python
return mx.fft.irfft(z, 4, 1)
