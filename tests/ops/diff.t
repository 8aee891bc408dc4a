x: f32[2, 3, 4]
aten.diff.default(x) : f32[2, 3, 3]
