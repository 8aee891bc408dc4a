a: f32[3, 3]
aten.inverse.default(a) : f32[3, 3]
