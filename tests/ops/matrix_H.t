x: f32[2, 3]
aten.matrix_H.default(x) : f32[3, 2]
