x: f32[2, 5, 3]
y: f32[2, 5]
aten.select_scatter.default(x, y, 2, -1) : f32[2, 5, 3]
