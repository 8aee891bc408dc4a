x: f32[2, 8]
aten.fft_fftn.default(x, None, [0]) : c64[2, 8]
