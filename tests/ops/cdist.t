x: f32[2, 3]
y: f32[5, 3]
aten.cdist.default(x, y) : f32[2, 5]
