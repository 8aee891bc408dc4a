x: f32[2, 3]
aten.diag.default(x, -1) : f32[1]
