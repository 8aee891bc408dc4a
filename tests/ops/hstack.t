x: f32[3]
y: f32[3]
aten.hstack.default([x, y]) : f32[6]
