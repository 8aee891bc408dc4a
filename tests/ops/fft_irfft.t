z: c64[2, 3]
aten.fft_irfft.default(z, 4) : f32[2, 4]
