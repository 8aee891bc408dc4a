x: f32[2, 3]
y: f32[1, 3]
aten.linalg_cross.default(x, y) : f32[2, 3]
