x: f32[1]
aten.hamming_window.default(8) : f32[8]
