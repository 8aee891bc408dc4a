x: f32[1]
aten.hann_window.periodic(8, False) : f32[8]
