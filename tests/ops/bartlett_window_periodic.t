x: f32[1]
aten.bartlett_window.periodic(8, False) : f32[8]
