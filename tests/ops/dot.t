x: f32[3]
y: f32[3]
aten.dot.default(x, y) : f32[]
