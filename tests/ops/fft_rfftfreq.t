x: f32[1]
aten.fft_rfftfreq.default(5) : f32[3]
