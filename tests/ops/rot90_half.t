x: f32[2, 3, 4]
aten.rot90.default(x, 2, [0, 1]) : f32[2, 3, 4]
