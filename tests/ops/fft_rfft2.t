x: f32[2, 8]
aten.fft_rfft2.default(x) : c64[2, 5]
