x: f32[2]
y: f32[3]
aten.cartesian_prod.default([x, y]) : f32[6, 2]
