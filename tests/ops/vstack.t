x: f32[3]
y: f32[3]
aten.vstack.default([x, y]) : f32[2, 3]
