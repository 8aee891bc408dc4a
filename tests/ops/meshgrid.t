x: f32[2]
y: f32[3]
a, b = aten.meshgrid.default([x, y]) : f32[2, 3], f32[2, 3]
return a, b
