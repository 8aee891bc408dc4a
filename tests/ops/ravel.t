x: f32[2, 3, 4]
aten.ravel.default(x) : f32[24]
