x: f32[2, 5]
y: f32[2, 2]
aten.slice_scatter.default(x, y, 1, 1, 3) : f32[2, 5]
