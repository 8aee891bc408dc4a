x: f32[3]
y: f32[3]
aten.concatenate.default([x, y]) : f32[6]
