x: f32[3, 4]
y: f32[3]
aten.diagonal_scatter.default(x, y) : f32[3, 4]
