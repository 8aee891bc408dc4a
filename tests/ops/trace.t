x: f32[3, 4]
aten.trace.default(x) : f32[]
