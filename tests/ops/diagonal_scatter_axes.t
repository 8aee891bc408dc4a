x: f32[3, 2, 4]
y: f32[2, 2]
aten.diagonal_scatter.default(x, y, -1, 0, 2) : f32[3, 2, 4]
