x: f32[2, 3, 4]
aten.diagonal.default(x, 1, 1, 2) : f32[2, 3]
