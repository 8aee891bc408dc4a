x: f32[2, 3]
aten.angle.default(x) : f32[2, 3]
