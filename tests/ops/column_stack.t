x: f32[3]
y: f32[3]
aten.column_stack.default([x, y]) : f32[3, 2]
