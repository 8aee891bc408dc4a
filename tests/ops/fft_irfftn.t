z: c64[2, 3]
aten.fft_irfftn.default(z) : f32[2, 4]
