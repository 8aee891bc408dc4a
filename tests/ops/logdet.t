a: f32[3, 3]
aten.logdet.default(a) : f32[]
