x: f32[1]
aten.hamming_window.periodic_alpha(8, True, 0.6) : f32[8]
