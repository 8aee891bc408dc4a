x: f32[3]
aten.diag.default(x) : f32[3, 3]
