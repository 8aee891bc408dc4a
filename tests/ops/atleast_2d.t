x: f32[3]
aten.atleast_2d.default(x) : f32[1, 3]
