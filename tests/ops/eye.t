x: f32[1]
aten.eye.default(3) : f32[3, 3]
