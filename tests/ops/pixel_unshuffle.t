x: f32[2, 3, 8, 10]
aten.pixel_unshuffle.default(x, 2) : f32[2, 12, 4, 5]
