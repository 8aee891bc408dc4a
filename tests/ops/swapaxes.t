x: f32[2, 3, 4]
aten.swapaxes.default(x, 0, -1) : f32[4, 3, 2]
