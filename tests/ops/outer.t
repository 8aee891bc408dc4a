x: f32[3]
y: f32[3]
aten.outer.default(x, y) : f32[3, 3]
