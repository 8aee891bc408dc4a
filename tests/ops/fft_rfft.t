x: f32[2, 8]
aten.fft_rfft.default(x, 6, -1, "ortho") : c64[2, 4]
