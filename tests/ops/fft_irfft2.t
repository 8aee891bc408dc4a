z: c64[2, 3]
aten.fft_irfft2.default(z) : f32[2, 4]
---- mlx
irfftn(z, axes=[0, 1])
---- python
return mx.fft.irfftn(z, axes=(0, 1))
