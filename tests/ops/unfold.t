x: f32[2, 10]
aten.unfold.default(x, 1, 4, 2) : f32[2, 4, 4]
