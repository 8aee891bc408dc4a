x: f32[3]
aten.angle.default(x) : f32[3]
