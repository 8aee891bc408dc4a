x: f32[1]
aten.hamming_window.periodic_alpha_beta(8, True, 0.6, 0.4) : f32[8]
