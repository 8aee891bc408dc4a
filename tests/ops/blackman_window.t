x: f32[1]
aten.blackman_window.default(8) : f32[8]
