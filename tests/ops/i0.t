x: f32[2, 3]
aten.i0.default(x) : f32[2, 3]
