x: f32[2, 3, 4]
aten.linalg_diagonal.default(x) : f32[2, 3]
