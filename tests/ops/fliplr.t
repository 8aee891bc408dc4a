x: f32[2, 3, 4]
aten.fliplr.default(x) : f32[2, 3, 4]
