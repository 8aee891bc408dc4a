x: f32[2, 3, 4]
y: f32[2, 1, 4]
aten.diff.default(x, 2, 1, y) : f32[2, 2, 4]
