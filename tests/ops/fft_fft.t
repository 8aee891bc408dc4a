x: f32[2, 8]
aten.fft_fft.default(x) : c64[2, 8]
