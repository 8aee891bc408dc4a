z: c64[2, 3]
aten.fft_irfft2.default(z) : f32[2, 4]
