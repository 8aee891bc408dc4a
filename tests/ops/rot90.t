x: f32[2, 3, 4]
aten.rot90.default(x, 1, [1, 2]) : f32[2, 4, 3]
