x: f32[2, 12, 4, 5]
aten.pixel_shuffle.default(x, 2) : f32[2, 3, 8, 10]
