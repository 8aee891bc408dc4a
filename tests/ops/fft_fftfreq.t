x: f32[1]
aten.fft_fftfreq.default(5, 0.5) : f32[5]
