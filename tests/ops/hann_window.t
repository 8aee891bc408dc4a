x: f32[1]
aten.hann_window.default(8) : f32[8]
