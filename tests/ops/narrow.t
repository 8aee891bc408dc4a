x: f32[2, 3, 4]
aten.narrow.default(x, 2, 1, 2) : f32[2, 3, 2]
