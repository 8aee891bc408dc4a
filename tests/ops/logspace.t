x: f32[1]
aten.logspace.default(0, 2, 5) : f32[5]
