x: f32[3, 4]
aten.diagonal.default(x, 7) : f32[0]
