x: f32[2, 8]
aten.fft_fft2.default(x) : c64[2, 8]
