x: f32[2, 3]
aten.atleast_3d.default(x) : f32[2, 3, 1]
