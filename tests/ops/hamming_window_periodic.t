x: f32[1]
aten.hamming_window.periodic(8, False) : f32[8]
