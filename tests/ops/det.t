a: f32[3, 3]
aten.det.default(a) : f32[]
