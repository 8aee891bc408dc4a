x: f32[3]
y: f32[3]
aten.dstack.default([x, y]) : f32[1, 3, 2]
