x: f32[3, 1]
y: f32[4]
a, b = aten.broadcast_tensors.default([x, y]) : f32[3, 4], f32[3, 4]
return a, b
