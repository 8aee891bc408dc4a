x: f32[2, 3]
y: f32[2, 3]
aten.linalg_vecdot.default(x, y) : f32[2]
