x: f32[10]
aten.histc.default(x, 4, 0, 1) : f32[4]
