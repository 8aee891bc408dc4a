x: f32[1]
aten.linspace.default(0, 1, 5) : f32[5]
