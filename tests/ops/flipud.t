x: f32[2, 3, 4]
aten.flipud.default(x) : f32[2, 3, 4]
