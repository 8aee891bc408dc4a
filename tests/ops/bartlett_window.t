x: f32[1]
aten.bartlett_window.default(8) : f32[8]
