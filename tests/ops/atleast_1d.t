x: f32[]
aten.atleast_1d.default(x) : f32[1]
