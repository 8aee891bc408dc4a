x: f32[2, 2]
aten.diagflat.default(x, 1) : f32[5, 5]
