x: f32[1]
aten.blackman_window.periodic(8, False) : f32[8]
