x: f32[2, 8]
aten.fft_rfftn.default(x, [4, 6]) : c64[4, 4]
